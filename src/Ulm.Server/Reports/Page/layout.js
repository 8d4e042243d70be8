// Every chart of a side has the same margins, so that one instant is at one place in all of them.
const hostNames = Object.keys(data.runs[0].series.heat);
const longest = hostNames.reduce((most, name) => Math.max(most, name.length), 0);
const margin = { left: clamp(longest * 6.4 + 12, 66, 150), right: 12 };

const listeners = [];
const onCursor = listener => listeners.push(listener);
const setCursor = seconds => listeners.forEach(listener => listener(seconds));

function plotWidth(side) { return Math.max(160, side.clientWidth - margin.left - margin.right); }
const x = (seconds, width) => (seconds - start) / data.seconds * width;

function showTip(event, text) {
  const tip = byId("tip");
  tip.textContent = text;
  tip.hidden = false;
  const [w, h] = [tip.offsetWidth, tip.offsetHeight];
  tip.style.left = clamp(event.clientX + (event.clientX + w + 24 > innerWidth ? -w - 14 : 14), 4, innerWidth - w - 4) + "px";
  tip.style.top = clamp(event.clientY + 14, 4, innerHeight - h - 4) + "px";
}

function hideTip() { byId("tip").hidden = true; setCursor(null); }

function timeAxis(width, y, group, height) {
  let lastRight = -Infinity;
  for (const mark of timeMarks(clamp(Math.floor(width / 62), 2, 16))) {
    const at = x(mark.at, width);
    group.append(svg("line", { class: "grid", x1: at, x2: at, y1: y - height, y2: y + 4 }));
    const half = mark.text.length * 3.2;
    if (at - half < lastRight + 4 || at + half > width + margin.right + 4) continue;
    group.append(svg("text", { x: at, y: y + 16, "text-anchor": "middle", "font-weight": mark.midnight ? 600 : 400 }, mark.text));
    lastRight = at + half;
  }
}

// Round marks of a scale from zero.
function marksTo(most, wanted) {
  const rough = Math.max(most, 1e-9) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(s => s * power >= rough * 0.999);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}
