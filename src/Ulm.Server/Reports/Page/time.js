// The zone's offsets come with the data: a browser's own table of zones may differ from the server's.
const start = data.from, end = data.from + data.seconds;

function offset(seconds) {
  let minutes = data.offsets[0].minutes;
  for (const change of data.offsets) if (change.from <= seconds) minutes = change.minutes;
  return minutes * 60;
}

const local = seconds => new Date((seconds + offset(seconds)) * 1000);
const pad = n => String(n).padStart(2, "0");
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const day = seconds => local(seconds).toISOString().slice(0, 10);
const clock = seconds => { const t = local(seconds); return `${pad(t.getUTCHours())}:${pad(t.getUTCMinutes())}`; };
const moment = seconds => `${weekdays[local(seconds).getUTCDay()]} ${day(seconds)} ${clock(seconds)}`;
const stamp = seconds => `${day(seconds)} ${clock(seconds)}:${pad(local(seconds).getUTCSeconds())}`;
const parse = text => Date.parse(text.replace(/(\.\d{3})\d+/, "$1")) / 1000;

const columns = data.runs[0].series.watts.length;
const columnStart = column => start + column * data.columnSeconds;
const columnAt = seconds => clamp(Math.floor((seconds - start) / data.columnSeconds), 0, columns - 1);

// Marks of the time axis, on round local times, at most so many.
function timeMarks(most) {
  const steps = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000];
  const step = steps.find(s => data.seconds / s <= most) || data.seconds / most;
  const marks = [];
  const first = Math.ceil((start + offset(start)) / step) * step;
  for (let wall = first; ; wall += step) {
    let at = wall - offset(wall - offset(start));
    if (at > end) return marks;
    const midnight = wall % 86400 === 0;
    const t = local(at);
    const date = `${weekdays[t.getUTCDay()]} ${pad(t.getUTCDate())}.${pad(t.getUTCMonth() + 1)}.`;
    marks.push({ at, midnight, text: step >= 86400 ? (data.seconds > 200 * 86400 ? day(at) : date) : midnight ? date : clock(at) });
  }
}
