const words = { migrate: "migrate", powerOff: "power off", powerOn: "power on", failed: "failed", fault: "fault" };
const pageLength = 200;

function entries() {
  // A fault stands before what it made fail at the same instant.
  return data.runs.flatMap((run, index) => [
    ...faultsOf(run).map(f => ({ run: index, at: f.at, kind: "fault", rule: "", what: f.subject, why: f.text })),
    ...run.totals.decisions.map(d => ({ run: index, at: parse(d.time), kind: d.action, rule: d.rule, what: d.from ? `${d.subject}: ${d.from} \u2192 ${d.to}` : d.subject, why: d.reason, decision: d })),
    ...run.failures.map(f => ({ run: index, at: parse(f.time), kind: "failed", rule: f.rule, what: f.subject, why: `${f.outcome}: ${f.reason}` })),
  ]).map((entry, i) => ({ ...entry, i })).sort((a, b) => a.at - b.at || a.run - b.run || a.i - b.i);
}

function choice(name, options, changed) {
  return el("label", {}, name + " ", el("select", { onchange: changed }, el("option", { value: "" }, "all"), options.map(([value, text]) => el("option", { value }, text))));
}

function decisions(sides) {
  const all = entries();
  if (all.length === 0) { byId("decisions").append(el("p", {}, "No decision fell, and nothing went wrong.")); return; }
  let shown = pageLength;
  const reset = () => { shown = pageLength; fill(); };
  const search = el("input", { type: "search", placeholder: "host, VM, rule or reason", "aria-label": "Search the decisions", oninput: reset });
  const rules = [...new Set(all.map(e => e.rule))].filter(r => r).sort(), kinds = [...new Set(all.map(e => e.kind))];
  const tools = [choice("Action", kinds.map(k => [k, words[k] || k]), reset), choice("Rule", rules.map(r => [r, r]), reset)];
  if (two) tools.push(choice("Run", data.runs.map((r, i) => [String(i), r.label]), reset));
  const [kind, rule, run] = tools.map(t => t.querySelector("select"));
  const found = el("span", { class: "soft", role: "status" }), body = el("tbody", {}), more = el("button", { type: "button", onclick: () => { shown += 1000; fill(); } });
  function fill() {
    const wanted = search.value.trim().toLowerCase();
    const matching = all.filter(e => (!kind.value || e.kind === kind.value) && (!rule.value || e.rule === rule.value) && (!run || !run.value || e.run === Number(run.value))
      && (!wanted || `${e.what} ${e.rule} ${e.why} ${stamp(e.at)}`.toLowerCase().includes(wanted)));
    body.replaceChildren(...matching.slice(0, shown).map(entry => row(entry, sides)));
    found.textContent = matching.length === all.length ? number(all.length) : `${number(matching.length)} of ${number(all.length)}`;
    more.hidden = matching.length <= shown;
    more.textContent = `Show more (${number(matching.length - shown)} left)`;
  }
  fill();
  const heads = ["Time", ...(two ? ["Run"] : []), "Action", "What", "Rule", "Reason"];
  byId("decisions").append(el("div", { class: "tools" }, search, tools, found),
    el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, heads.map(h => el("th", { scope: "col" }, h)))), body)), el("p", {}, more));
}

function row(entry, sides) {
  const side = sides[entry.run];
  return el("tr", {
    onmouseenter: () => { setCursor(entry.at); if (entry.kind === "migrate" && side.pointOut) side.pointOut({ at: entry.at, from: entry.decision.from, to: entry.decision.to }); },
    onmouseleave: () => { setCursor(null); if (side.again) side.again(); },
  },
    el("td", { class: "time" }, stamp(entry.at)), two ? el("td", { class: "name" }, data.runs[entry.run].label) : null,
    el("td", { class: entry.kind === "failed" ? "nowrap bad" : entry.kind === "fault" ? "nowrap struck" : "nowrap" }, words[entry.kind] || entry.kind), el("td", { class: "name" }, entry.what), el("td", { class: "name" }, entry.rule), el("td", {}, entry.why));
}

function refusals() {
  const all = data.runs.flatMap((run, index) => run.refusals.map(refusal => ({ ...refusal, run: index })));
  if (all.length === 0) { byId("refusals").append(el("p", {}, "Nothing that a rule asked for was refused.")); return; }
  const heads = ["Code", ...(two ? ["Run"] : []), "Rule", "Times", "First asked for", "Why, the first time"];
  byId("refusals").append(el("p", { class: "soft" }, "What a rule asked for and the planner or a safety rule kept from being done, by cause."), el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map(h => el("th", { scope: "col", class: h === "Times" ? "number" : "" }, h)))),
    el("tbody", {}, all.map(r => el("tr", {},
      el("td", { class: "nowrap" }, r.code), two ? el("td", { class: "name" }, data.runs[r.run].label) : null, el("td", { class: "name" }, r.rule),
      el("td", { class: "number" }, number(r.times)), el("td", { class: "name" }, r.subject, r.subjects > 1 ? el("span", { class: "soft" }, ` and ${number(r.subjects - 1)} more`) : null), el("td", {}, reasons(r))))))));
}

function reasons(refusal) {
  const first = refusal.why.slice(0, 3), rest = refusal.why.slice(3);
  const list = lines => el("ul", {}, lines.map(line => el("li", {}, line)));
  const left = rest.length + refusal.moreReasons;
  const last = refusal.moreReasons ? [`and ${number(refusal.moreReasons)} more`] : [];
  return el("div", {}, list(first), left ? el("details", {}, el("summary", {}, `${number(left)} more`), list([...rest, ...last])) : null);
}

function violations() {
  for (const run of data.runs) {
    const found = run.totals.violations, name = two ? `${run.label}: ` : "";
    byId("violations").append(found.length === 0
      ? el("p", { class: "good" }, `${name}${two ? "every" : "Every"} safety rule and constraint held, checked after each change.`)
      : el("div", {}, el("p", { class: "bad" }, `${name}${count(found.length, "violation")} (times in UTC)`), el("ul", {}, found.slice(0, 500).map(v => el("li", {}, v)))));
  }
}
