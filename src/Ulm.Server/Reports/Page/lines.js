const scaleOf = (key, extra) => Math.max(1, ...data.runs.flatMap(run => run.series[key]), ...extra);

// Each figure is the mean over its column, so it is drawn as a step from one column's edge to the next.
function stepPath(values, width, y, close) {
  let path = "";
  values.forEach((value, i) => {
    const from = x(columnStart(i), width).toFixed(1), to = x(Math.min(columnStart(i + 1), end), width).toFixed(1);
    path += `${i ? "L" : "M"}${from} ${y(value).toFixed(1)}L${to} ${y(value).toFixed(1)}`;
  });
  return close ? path + `L${width} ${y(0)}L0 ${y(0)}Z` : path;
}

function lineChart(side, { title, key, show, reference, referenceText, most, whole }) {
  const values = side.run.series[key], width = plotWidth(side.node), height = 130, top = 8;
  const marks = marksTo(most, 4).filter(m => !whole || Number.isInteger(m)), limit = Math.max(marks[marks.length - 1], most);
  const y = value => top + height - value / limit * height;
  const least = Math.min(...values), highest = Math.max(...values);
  const caption = el("figcaption", {}, el("b", {}, title), el("span", { class: "key" }), "with these policies", el("span", { class: "key without" }), "without");
  const drawing = svg("svg", { width: width + margin.left + margin.right, height: height + top + 24, role: "img",
    "aria-label": `${title}: from ${show(least)} to ${show(highest)} with these policies, ${referenceText} without` });
  const plot = svg("g", { transform: `translate(${margin.left} 0)` });
  timeAxis(width, top + height, plot, height);
  for (const mark of marks) {
    plot.append(svg("line", { class: "grid", x1: 0, x2: width, y1: y(mark), y2: y(mark) }));
    plot.append(svg("text", { x: -6, y: y(mark) + 4, "text-anchor": "end" }, show(mark)));
  }
  plot.append(svg("path", { class: "area", d: stepPath(values, width, y, true) }), svg("path", { class: "curve", d: stepPath(values, width, y, false) }));
  plot.append(svg("path", { class: "curve without", d: stepPath(reference, width, y, false) }));
  const cursor = svg("line", { class: "cursor", y1: top, y2: top + height, visibility: "hidden" });
  plot.append(cursor);
  drawing.append(plot);
  onCursor(at => {
    cursor.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at !== null) { cursor.setAttribute("x1", x(at, width)); cursor.setAttribute("x2", x(at, width)); }
  });
  drawing.addEventListener("mousemove", event => {
    const at = start + clamp((event.clientX - drawing.getBoundingClientRect().left - margin.left) / width, 0, 1) * data.seconds;
    const column = columnAt(at);
    setCursor(at);
    showTip(event, `${moment(columnStart(column))}, mean of ${data.columnText}\n${show(values[column], true)}; ${show(reference[column], true)} without policies`);
  });
  drawing.addEventListener("mouseleave", hideTip);
  return el("figure", {}, caption, drawing);
}

function hostsChart(side) {
  const flat = side.run.series.watts.map(() => side.run.series.hostsOnWithoutPolicies);
  return lineChart(side, { title: "Hosts on", key: "hostsOn", most: scaleOf("hostsOn", [flat[0]]), reference: flat, referenceText: flat[0], whole: true,
    show: (v, exact) => exact ? `${number(v, Number.isInteger(v) ? 0 : 1)} on` : number(v, Number.isInteger(v) ? 0 : 1) });
}

function powerChart(side) {
  const reference = side.run.series.wattsWithoutPolicies;
  return lineChart(side, { title: "Power", key: "watts", most: scaleOf("watts", reference), reference,
    referenceText: `${watts(Math.min(...reference))} to ${watts(Math.max(...reference))}`, show: v => watts(v) });
}

// Energy so far: where the saving is made, and when the moves have paid for themselves.
function energyChart(side) {
  const summed = values => { let sum = 0; return values.map((v, i) => sum += v * (Math.min(columnStart(i + 1), end) - columnStart(i)) / 3.6e6); };
  side.run.series.energy = summed(side.run.series.watts);
  const reference = summed(side.run.series.wattsWithoutPolicies);
  const most = Math.max(...data.runs.map(run => summed(run.series.watts)[columns - 1]), reference[columns - 1]);
  return lineChart(side, { title: "Energy used so far", key: "energy", most, reference, referenceText: energy(reference[columns - 1]), show: (v, exact) => exact ? energy(v) : `${number(v, v < 10 && !Number.isInteger(v) ? 1 : 0)} kWh` });
}
