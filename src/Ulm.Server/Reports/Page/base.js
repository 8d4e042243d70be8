// Everything from the data is set as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const two = data.runs.length > 1;

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== null));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const byId = id => document.getElementById(id);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function number(value, digits = 0) {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (fraction ? "." + fraction : "");
  return (value < 0 && /[1-9]/.test(text) ? "\u2212" : "") + text;
}

// The small metrics of the field need figures, not places.
const small = value => value === 0 ? "0" : Math.abs(value) < 0.001 ? value.toExponential(2).replace("-", "\u2212") : number(value, 4).replace(/0+$/, "");
const count = (n, noun) => `${n === 0 ? "no" : number(n)} ${noun}${n === 1 ? "" : "s"}`;
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
const watts = value => value >= 10000 ? number(value / 1000, 1).replace(/\.0$/, "") + " kW" : number(value) + " W";
