const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy";
const cpuOf = letter => letters.indexOf(letter) * 2;
// In a large site the shape of the whole says more than the alphabet.
const view = { order: hostNames.length > 100 ? "on" : "name", text: "", arcs: true };

// Hosts of both runs in one order, so that a row is the same host on both sides.
function rowsInOrder() {
  const wanted = view.text.trim().toLowerCase();
  const names = hostNames.filter(name => name.toLowerCase().includes(wanted));
  if (view.order === "name") return names;
  const weight = new Map(names.map(name => {
    let [on, cpu] = [0, 0];
    for (const run of data.runs) for (const letter of run.series.heat[name]) {
      const value = cpuOf(letter);
      if (value >= 0) { on++; cpu += value; }
    }
    return [name, view.order === "on" ? on : on ? cpu / on : -1];
  }));
  return names.sort((a, b) => weight.get(b) - weight.get(a));
}

function ramp() {
  const stops = [[0, "--heat-0"], [50, "--heat-50"], [80, "--heat-80"], [100, "--heat-100"]].map(([at, name]) => [at, colour(name).split(",").map(Number)]);
  return Array.from({ length: 101 }, (_, cpu) => {
    const above = Math.max(1, stops.findIndex(([at]) => at >= cpu));
    const [[low, from], [high, to]] = [stops[above - 1], stops[above]];
    return from.map((part, i) => Math.round(part + (to[i] - part) * (cpu - low) / (high - low)));
  });
}

function rowHeight(rows) { return rows <= 30 ? 20 : rows <= 60 ? 13 : clamp(Math.floor(900 / rows), 1, 12); }

// One pixel a cell, blown up without smoothing; cells of hosts that are off stay clear and show the hatching behind.
function cells(run, rows, each) {
  const image = new ImageData(columns, Math.max(1, Math.ceil(rows.length / each)));
  const plain = name => (colour(name).match(/[0-9a-f]{2}/gi) || []).map(h => parseInt(h, 16));
  const tints = ramp(), between = plain("--between"), silent = plain("--silent");
  for (let row = 0; row * each < rows.length; row++) for (let column = 0; column < columns; column++) {
    const group = rows.slice(row * each, row * each + each).map(name => run.series.heat[name][column]);
    const on = group.map(cpuOf).filter(cpu => cpu >= 0);
    const tint = on.length * 2 >= group.length ? tints[Math.round(on.reduce((a, b) => a + b, 0) / on.length)] : group.includes("!") ? silent : group.includes("+") ? between : null;
    if (tint) image.data.set([...tint, 255], (row * columns + column) * 4);
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function sharpCanvas(name, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const canvas = el("canvas", { class: name, width: Math.round(width * ratio), height: Math.round(height * ratio) });
  [canvas.style.width, canvas.style.height] = [width + "px", height + "px"];
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  return [canvas, pen];
}

function heatMap(side, rows) {
  const width = plotWidth(side.node), each = Math.max(1, Math.ceil(rows.length / 1600)), h = rowHeight(rows.length / each);
  const height = Math.max(h, Math.ceil(rows.length / each) * h);
  const [canvas, pen] = sharpCanvas("cells", width, height);
  const moves = side.moves.length;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `CPU of ${count(rows.length, "host")} over time, with ${count(moves, "migration")} as arcs; the table of decisions has them all`);
  pen.imageSmoothingEnabled = false;
  // The last column may be shorter than the others.
  pen.drawImage(cells(side.run, rows, each), 0, 0, columns * data.columnSeconds / data.seconds * width, height);
  const map = el("div", { class: "map" }, canvas);
  [map.style.height, map.style.marginLeft, map.style.width] = [height + "px", margin.left + "px", width + "px"];
  const rowOf = new Map(rows.map((name, i) => [name, Math.floor(i / each)]));
  const place = name => rowOf.has(name) ? (rowOf.get(name) + 0.5) * h : null;
  if (view.arcs) map.append(arcs(side, width, height, place, h));
  const line = el("div", { class: "line", hidden: true });
  line.style.height = height + "px";
  map.append(line);
  onCursor(at => { line.hidden = at === null; if (at !== null) line.style.left = x(at, width) + "px"; });
  canvas.addEventListener("mousemove", event => {
    const box = canvas.getBoundingClientRect(), at = start + clamp((event.clientX - box.left) / width, 0, 0.99999) * data.seconds;
    const row = clamp(Math.floor((event.clientY - box.top) / h), 0, Math.ceil(rows.length / each) - 1);
    setCursor(at);
    showTip(event, rows.slice(row * each, row * each + each).slice(0, 6).map(name => cellText(side, name, columnAt(at))).join("\n"));
  });
  canvas.addEventListener("mouseleave", hideTip);
  return el("figure", {}, el("figcaption", {}, el("b", {}, "CPU of each host"), two ? `, ${side.run.label}` : "", each > 1 ? `, ${each} hosts a row` : ""), map, labels(rows, h, each, width));
}

function cellText(side, name, column) {
  const letter = side.run.series.heat[name][column], cpu = cpuOf(letter);
  const lines = [`${name}, ${moment(columnStart(column))}: ${letter === "-" ? "off" : letter === "+" ? "powering on or off" : letter === "!" ? "does not answer" : `about ${cpu} % CPU`}`];
  const here = side.moves.filter(move => (move.from === name || move.to === name) && columnAt(move.at) === column);
  for (const move of here.slice(0, 6)) lines.push(`${clock(move.at)} ${move.what} ${move.from === name ? `leaves for ${move.to}` : `comes from ${move.from}`}`);
  for (const fault of faultsOf(side.run).filter(f => f.host === name && columnAt(f.at) === column).slice(0, 6)) lines.push(`${clock(fault.at)} ${fault.text}`);
  if (here.length > 6) lines.push(`and ${here.length - 6} more migrations`);
  return lines.join("\n");
}

// Names where there is room for them, and the time axis.
function labels(rows, h, each, width) {
  const height = Math.max(h, Math.ceil(rows.length / each) * h);
  const drawing = svg("svg", { width: width + margin.left + margin.right, height: height + 24, "aria-hidden": "true" });
  const nth = Math.max(1, Math.ceil(13 / h)) * each;
  const fit = Math.floor((margin.left - 10) / 6.2);
  for (let i = 0; i < rows.length; i += nth) {
    if (i / each * h + Math.max(h, 11) > height + 1) break;
    const text = rows[i].length > fit ? rows[i].slice(0, fit - 1) + "\u2026" : rows[i];
    drawing.append(svg("text", { x: margin.left - 6, y: (i / each + 0.5) * h + 4, "text-anchor": "end" }, text));
  }
  const plot = svg("g", { transform: `translate(${margin.left} 0)` });
  timeAxis(width, height, plot, 0);
  drawing.append(plot);
  [drawing.style.marginTop, drawing.style.pointerEvents] = [-height + "px", "none"];
  return drawing;
}
