const sides = data.runs.map(run => ({ run, moves: movesOf(run), node: el("div", {}, two ? el("h3", {}, run.label) : null), charts: el("div", {}), map: el("div", {}) }));

function draw() {
  listeners.length = 0;
  const rows = rowsInOrder();
  for (const side of sides) {
    side.pointOut = side.again = undefined;
    side.charts.replaceChildren(hostsChart(side), powerChart(side), energyChart(side));
    side.map.replaceChildren(rows.length ? heatMap(side, rows) : el("p", { class: "soft" }, "No host has that in its name."));
  }
}

function legend() {
  const swatch = (kind, text) => el("span", {}, el("span", { class: `swatch ${kind}` }), text);
  return el("div", { class: "legend" }, el("span", {}, "CPU 0 %", el("span", { class: "ramp" }), "100 %"), swatch("off", "off"), swatch("between", "powering on or off"),
    data.runs.some(run => Object.values(run.series.heat).some(row => row.includes("!"))) ? swatch("silent", "does not answer") : null,
    data.runs.some(run => faultsOf(run).length) ? el("span", {}, el("span", { class: "cross" }, "\u00d7"), "a fault strikes, or has passed") : null,
    el("span", {}, "arcs are migrations; the dot is where the VM went, a ring where it left for a host that is not shown"));
}

function charts() {
  const order = el("select", { onchange: event => { view.order = event.target.value; draw(); } },
    [["name", "name"], ["on", "time on"], ["cpu", "CPU"]].map(([value, text]) => el("option", { value }, text)));
  const text = el("input", { type: "search", placeholder: "part of a host's name", "aria-label": "Show only hosts with this in their name", oninput: event => { view.text = event.target.value; draw(); } });
  const arcs = el("input", { type: "checkbox", checked: true, onchange: event => { view.arcs = event.target.checked; draw(); } });
  for (const side of sides) side.node.append(side.charts);
  order.value = view.order;
  const kind = two ? "sides two" : "sides";
  byId("charts").append(el("div", { class: kind }, sides.map(side => side.node)),
    el("div", { class: "tools" }, el("label", {}, "Hosts ", text), el("label", {}, "in order of ", order), el("label", {}, arcs, " migrations")),
    legend(), el("div", { class: kind }, sides.map(side => side.map)));
}

function more() {
  const heads = ["From", ...data.runs.flatMap(run => { const name = two ? `, ${run.label}` : ""; return [`Hosts on${name}`, `Power, W${name}`]; }), "Power without policies, W"];
  const body = el("tbody", {});
  const figures = el("details", { ontoggle: () => {
    if (!body.firstChild) data.runs[0].series.watts.forEach((_, i) => body.append(el("tr", {}, el("td", { class: "time" }, moment(columnStart(i))),
      data.runs.flatMap(run => [el("td", { class: "number" }, number(run.series.hostsOn[i], 2)), el("td", { class: "number" }, number(run.series.watts[i], 1))]),
      el("td", { class: "number" }, number(data.runs[0].series.wattsWithoutPolicies[i], 1)))));
  } }, el("summary", {}, "The curves as a table"), el("p", { class: "soft" }, `Means of ${data.columnText} each.`),
  el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, heads.map((h, i) => el("th", { scope: "col", class: i ? "number" : "" }, h)))), body)));
  const policies = data.runs.map(run => el("details", {}, el("summary", {}, two ? `The policies of ${run.label}` : "The policies"),
    run.policies.map(policy => el("div", {}, el("h3", {}, policy.name), el("pre", {}, policy.text)))));
  byId("more").append(...policies, figures, el("p", { class: "soft" },
    "\u201cWithout policies\u201d is the same load with no VM moved and no host switched. SLATAH is the mean over hosts of the share of their active time at full CPU; "
    + "PDM is the mean over VMs of the CPU that migrations cost them, as a share of what they asked for (Beloglazov and Buyya, 2012)."));
}

head();
totals();
charts();
decisions(sides);
refusals();
violations();
more();
draw();

let lastWidth = innerWidth;
addEventListener("resize", () => { if (innerWidth !== lastWidth) { lastWidth = innerWidth; draw(); } });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
// Paper is white, and narrower than most screens.
const forPaper = printing => { document.documentElement.classList.toggle("printing", printing); document.body.style.width = printing ? "700px" : ""; draw(); };
addEventListener("beforeprint", () => forPaper(true));
addEventListener("afterprint", () => forPaper(false));
