const movesOf = run => run.totals.decisions.filter(d => d.action === "migrate").map(d => ({ at: parse(d.time), what: d.subject, from: d.from, to: d.to, decision: d }));

// What went wrong, by host where it is about one.
const faultsOf = run => (run.totals.faults || []).map(f => ({ at: parse(f.time), host: f.subject.startsWith("host/") ? f.subject.slice(5) : null, subject: f.subject, text: f.text }));

// An arc leaves its host's row and ends, with a dot, in the row it goes to. With many the single one matters less than where they gather.
function arcs(side, width, height, place, h) {
  const [canvas, pen] = sharpCanvas("arcs", width, height);
  const shown = side.moves.filter(move => place(move.from) !== null && place(move.to) !== null);
  // Both sides are drawn alike, or the one with fewer moves would look the busier.
  const most = Math.max(...sides.map(each => each.moves.length)), many = most > 400;
  pen.lineCap = "round";
  for (const move of shown) {
    if (most <= 100) stroke(pen, move, width, place, colour("--halo"), 3.2, 0.9);
    stroke(pen, move, width, place, colour("--arc"), many ? 0.8 : 1.3, most <= 100 ? 0.9 : clamp(many ? 40 / most : 100 / most, 0.04, 0.75));
    if (h >= 5) dot(pen, x(move.at, width), place(move.to), many ? 1.3 : 2.6);
  }
  for (const fault of faultsOf(side.run)) if (fault.host && place(fault.host) !== null) cross(pen, x(fault.at, width), place(fault.host));
  // Of a move to or from a host that the filter leaves out, the end that is shown.
  for (const move of side.moves) {
    if (place(move.from) === null && place(move.to) !== null) dot(pen, x(move.at, width), place(move.to), 2.6);
    if (place(move.from) !== null && place(move.to) === null) ring(pen, x(move.at, width), place(move.from));
  }
  side.pointOut = move => {
    side.again();
    const own = side.map.querySelector("canvas.arcs");
    if (!own || place(move.from) === null || place(move.to) === null) return;
    const ink = own.getContext("2d");
    stroke(ink, move, width, place, colour("--mark"), 3.5, 1);
    ink.fillStyle = colour("--mark");
    dot(ink, x(move.at, width), place(move.to), 4.5, colour("--mark"));
  };
  const clean = document.createElement("canvas");
  [clean.width, clean.height] = [canvas.width, canvas.height];
  clean.getContext("2d").drawImage(canvas, 0, 0);
  side.again = () => {
    pen.save();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(clean, 0, 0);
    pen.restore();
  };
  return canvas;
}

function stroke(pen, move, width, place, ink, thick, alpha) {
  const [at, from, to] = [x(move.at, width), place(move.from), place(move.to)];
  const bulge = clamp(6 + Math.abs(to - from) * 0.13, 9, 120) * (at > width - 60 ? -1 : 1);
  pen.globalAlpha = alpha;
  pen.strokeStyle = ink;
  pen.lineWidth = thick;
  pen.beginPath();
  pen.moveTo(at, from);
  pen.bezierCurveTo(at + bulge, from, at + bulge, to, at, to);
  pen.stroke();
  pen.globalAlpha = 1;
}

function dot(pen, at, y, radius, ink) {
  pen.fillStyle = ink || colour("--arc");
  pen.beginPath();
  pen.arc(at, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function ring(pen, at, y) {
  pen.strokeStyle = colour("--arc");
  pen.lineWidth = 1.3;
  pen.beginPath();
  pen.arc(at, y, 2.8, 0, 2 * Math.PI);
  pen.stroke();
}

function cross(pen, at, y) {
  for (const [ink, thick] of [[colour("--halo"), 4.4], [colour("--fault"), 2]]) {
    pen.strokeStyle = ink;
    pen.lineWidth = thick;
    pen.beginPath();
    for (const side of [-1, 1]) { pen.moveTo(at - 4, y - 4 * side); pen.lineTo(at + 4, y + 4 * side); }
    pen.stroke();
  }
}
