const without = run => ({ energyKWh: run.totals.energyKWhWithoutPolicies, hosts: run.series.hostsOnWithoutPolicies });
const percent = (value, base) => base > 0 ? (value / base - 1) * 100 : 0;
const signed = (value, digits = 0) => (value > 0 && /[1-9]/.test(value.toFixed(digits)) ? "+" : "") + number(value, digits);
const energy = value => number(value, value < 100 ? 2 : 1) + " kWh";

function verdict(run) {
  const t = run.totals, change = percent(t.energyKWh, t.energyKWhWithoutPolicies);
  const cost = Math.abs(change) < 0.05 ? "the same energy as" : `${number(Math.abs(change), 1)} % ${change < 0 ? "less" : "more"} energy than`;
  return `${cost} without policies, with ${count(t.migrations, "migration")} and ${number(t.meanHostsOn, 1)} of ${count(data.hosts, "host")} on in the mean.`;
}

function head() {
  const head = byId("head");
  head.append(
    el("h1", {}, `Simulation of ${data.site}`),
    el("p", { class: "soft" }, `${count(data.hosts, "host")}, ${count(data.vms, "VM")}; ${data.duration} from ${moment(start)}, a look every ${data.stepText}; times in ${data.zone}`));
  for (const run of data.runs) head.append(el("p", { class: "verdict" }, el("b", {}, run.label), ": ", verdict(run)));
}

function tiles(run) {
  const t = run.totals, change = percent(t.energyKWh, t.energyKWhWithoutPolicies);
  const tile = (value, name, remark, kind) => el("div", { class: "tile" }, el("span", {}, name), el("b", { class: kind || "" }, value), el("span", {}, remark));
  return el("div", { class: "tiles" },
    tile(energy(t.energyKWh), "Energy", `${Math.abs(change) < 0.05 ? "as" : `${signed(change, 1)} % of ${energy(t.energyKWhWithoutPolicies)}`} without policies`, change < -0.05 ? "good" : change > 0.05 ? "bad" : ""),
    tile(number(t.meanHostsOn, 1), "Hosts on, mean", `of ${number(data.hosts)}; without policies ${without(run).hosts === data.hosts ? "all" : number(without(run).hosts)}`),
    tile(number(t.migrations), "Migrations", `PDM ${small(t.pdmPercent)} % of CPU lost to them`),
    tile(number(t.hostPowerCycles), "Host power cycles", "times a host was powered off"),
    tile(small(t.slatahPercent) + " %", "Time at full CPU", "SLATAH, mean over hosts", t.slatahPercent >= 1 ? "bad" : ""),
    tile(t.violations.length ? number(t.violations.length) : "none", "Violations", "of safety rules and constraints", t.violations.length ? "bad" : "good"));
}

function totalsTable() {
  const [a, b] = data.runs.map(run => run.totals);
  const row = (name, key, show, base) => {
    const [left, right] = [a[key], b[key]].map(v => Array.isArray(v) ? v.length : v);
    // Of the figures as they are shown: a reader who subtracts them comes to the same.
    const asShown = v => parseFloat(show(v).replace(/\u202f/g, "").replace(/\u2212/g, "-"));
    const difference = asShown(right) - asShown(left);
    const text = show(Math.abs(difference));
    return el("tr", {}, el("th", { scope: "row" }, name),
      el("td", { class: "number" }, base === undefined ? "" : show(base)),
      el("td", { class: "number" }, show(left)), el("td", { class: "number" }, show(right)),
      el("td", { class: "number" }, /[1-9]/.test(text) ? (difference > 0 ? "+" : "\u2212") + text : "same"));
  };
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["", "without policies", data.runs[0].label, data.runs[1].label, "difference"].map((h, i) => el("th", { scope: "col", class: i ? "number" : "" }, h)))),
    el("tbody", {},
      row("Energy", "energyKWh", energy, without(data.runs[0]).energyKWh),
      row("Hosts on, mean", "meanHostsOn", v => number(v, 2), without(data.runs[0]).hosts),
      row("Host-hours off", "hostHoursOff", v => number(v, 1)),
      row("Migrations", "migrations", v => number(v), 0),
      row("Host power cycles", "hostPowerCycles", v => number(v), 0),
      row("Time at full CPU (SLATAH), %", "slatahPercent", small),
      row("CPU lost to migrations (PDM), %", "pdmPercent", small),
      row("SLAV = SLATAH \u00d7 PDM", "slav", small),
      row("ESV = energy \u00d7 SLAV", "esv", small),
      row("Violations", "violations", v => number(v)))));
}

function totals() {
  byId("totals").append(two ? el("div", {}, el("h2", {}, "Totals"), totalsTable()) : tiles(data.runs[0]));
}
