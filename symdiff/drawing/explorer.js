// The explorer of a large picture: a tree of boxes that opens and closes, with search.  Everything comes from the data in the page.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const cards = data.cards, below = data.below, labels = data.labels || {};
const SVG = "http://www.w3.org/2000/svg";
const GAP = 18, ROOM = 34, HEIGHT = 32, LINE = 22, FIRST = 60, MOST = 3000;
const canvas = document.getElementById("canvas"), scene = document.getElementById("scene");
const info = document.getElementById("info"), field = document.getElementById("search"), count = document.getElementById("count");
const pen = document.createElement("canvas").getContext("2d");
const root = cards.length - 1;

// A shared box belongs to the first box that uses it; its other users show a reference to it.
const parent = new Int32Array(cards.length).fill(-1), size = new Int32Array(cards.length).fill(1);
const owned = cards.map(() => []);
(function own() {
  const order = [], stack = [root], met = new Uint8Array(cards.length);
  met[root] = 1;
  while (stack.length) {
    const box = stack.pop();
    order.push(box);
    for (const end of below[box]) {
      if (!met[end]) { met[end] = 1; parent[end] = box; owned[box].push(end); }
    }
    for (let i = owned[box].length - 1; i >= 0; i--) stack.push(owned[box][i]);
  }
  for (let i = order.length - 1; i > 0; i--) size[parent[order[i]]] += size[order[i]];
})();

const open = new Set();
let chosen = root, found = [], at = -1, zoom = 1;

function openTop() {
  open.clear();
  let shown = 1, row = [root];
  while (row.length) {
    const next = [];
    for (const box of row) {
      if (below[box].length && shown + below[box].length <= FIRST) {
        open.add(box);
        shown += below[box].length;
        next.push(...owned[box]);
      }
    }
    row = next;
  }
}

function textWidth(text, font) {
  pen.font = font;
  return pen.measureText(text).width;
}

// What a closed box hides: how many boxes stand below it alone.
function hidden(box) {
  if (!below[box].length || open.has(box)) return "";
  return size[box] > 1 ? "  ▸ " + (size[box] - 1).toLocaleString("en") : "  ▸";
}

const measures = new Map();
function measure(box) {
  const key = open.has(box) ? -1 - box : box;
  let known = measures.get(key);
  if (!known) {
    const card = cards[box], rows = card.rows || [];
    let width = textWidth(card.label + hidden(box), rows.length ? "bold 13px sans-serif" : "17px serif") + 26;
    for (const row of rows) width = Math.max(width, textWidth(row.text, "16px serif") + 24);
    known = {width: Math.max(HEIGHT, width), height: rows.length ? 26 + rows.length * LINE + 6 : HEIGHT};
    measures.set(key, known);
  }
  return known;
}

// The boxes that are shown, each child after its parent: every place is a box or a reference to one that stands elsewhere.
function shownPlaces() {
  const places = [{box: root, up: -1, depth: 0, reference: false, ends: []}];
  for (let i = 0; i < places.length && places.length < MOST; i++) {
    const place = places[i];
    if (place.reference || !open.has(place.box)) continue;
    const mine = new Set(owned[place.box]);
    below[place.box].forEach((end, number) => {
      const reference = below[end].length > 0 && !mine.delete(end);
      place.ends.push(places.length);
      places.push({box: end, up: i, depth: place.depth + 1, reference, number, ends: []});
    });
  }
  return places;
}

function arrange(places) {
  const tall = [];
  for (const place of places) {
    const {width, height} = place.reference ? {width: textWidth("↗ " + cards[place.box].label, "17px serif") + 22, height: HEIGHT} : measure(place.box);
    place.width = width;
    place.height = height;
    tall[place.depth] = Math.max(tall[place.depth] || 0, height);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    const place = places[i];
    let inner = -GAP;
    for (const end of place.ends) inner += places[end].span + GAP;
    place.inner = inner;
    place.span = Math.max(place.width, inner);
  }
  const rows = [0];
  for (let depth = 1; depth < tall.length; depth++) rows[depth] = rows[depth - 1] + tall[depth - 1] + ROOM + (tall[depth] > HEIGHT ? 14 : 0);
  places[0].left = 0;
  for (const place of places) {
    place.x = place.left + place.span / 2;
    place.y = rows[place.depth];
    let left = place.left + (place.span - place.inner) / 2;
    for (const end of place.ends) {
      places[end].left = left;
      left += places[end].span + GAP;
    }
  }
  return {width: places[0].span, height: rows[rows.length - 1] + tall[tall.length - 1]};
}

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawBox(place) {
  const card = cards[place.box], rows = place.reference ? [] : card.rows || [];
  const look = (card.mark ? "mark" : card.kind) + (place.reference ? " reference" : "") + (place.box === chosen ? " chosen" : "")
    + (found.length && found[at] === place.box ? " hit" : "");
  const group = element("g", {"class": "box " + look, tabindex: 0, role: "button", "data-box": place.box,
    transform: `translate(${place.x - place.width / 2} ${place.y})`});
  if (below[place.box].length && !place.reference) group.setAttribute("aria-expanded", open.has(place.box));
  group.append(element("title", {}, card.formula));
  const round = card.kind === "number" ? 2 : rows.length || card.kind === "function" ? 9 : HEIGHT / 2;
  group.append(element("rect", {"class": "shape" + (place.reference || card.cut ? " dashed" : ""), width: place.width, height: place.height, rx: round}));
  if (rows.length) {
    group.append(element("rect", {"class": "sheet", x: 1, y: 25, width: place.width - 2, height: place.height - 33}));
    group.append(element("rect", {"class": "sheet", x: 1, y: 31, width: place.width - 2, height: place.height - 32, rx: 8}));
  }
  group.append(element("text", {"class": "label " + (rows.length ? "head" : card.kind === "variable" ? "name" : ""), x: place.width / 2,
    y: rows.length ? 17 : 21.6}, (place.reference ? "↗ " : "") + card.label + (place.reference ? "" : hidden(place.box))));
  rows.forEach((row, number) => group.append(element("text", {"class": "row " + row.tone, x: place.width / 2, y: 43 + number * LINE}, row.text)));
  group.addEventListener("click", () => act(place));
  group.addEventListener("keydown", event => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(place); }
  });
  return group;
}

function draw() {
  const places = shownPlaces(), extent = arrange(places), pieces = document.createDocumentFragment();
  for (const place of places) {
    if (place.up < 0) continue;
    const from = places[place.up], y = from.y + from.height, middle = (place.y + y) / 2;
    pieces.append(element("path", {"class": "line", d: `M${from.x} ${y}C${from.x} ${middle} ${place.x} ${middle} ${place.x} ${place.y}`}));
    const label = labels[from.box] && labels[from.box][place.number];
    if (label) pieces.append(element("text", {"class": "note", x: (from.x + place.x) / 2, y: middle + 4}, label));
  }
  for (const place of places) pieces.append(drawBox(place));
  scene.replaceChildren(pieces);
  canvas.setAttribute("viewBox", `-16 -16 ${extent.width + 32} ${extent.height + 32}`);
  canvas.setAttribute("width", (extent.width + 32) * zoom);
  canvas.setAttribute("height", (extent.height + 32) * zoom);
  tell();
  return places;
}

function tell() {
  const card = cards[chosen];
  info.replaceChildren();
  const lines = [card.formula, ...(card.rows || []).map(row => row.text)];
  lines.forEach((text, number) => {
    const line = document.createElement(number ? "div" : "strong");
    line.textContent = text;
    info.append(line);
  });
  const facts = [size[chosen] > 1 ? `${(size[chosen] - 1).toLocaleString("en")} boxes below` : "nothing below it alone"];
  if (card.uses) facts.push(`used ${card.uses} times`);
  const line = document.createElement("div");
  line.className = "quiet";
  line.textContent = facts.join(", ");
  info.append(line);
}

function show(box) {
  const group = scene.querySelector(`.box[data-box="${box}"]:not(.reference)`);
  if (group) group.scrollIntoView({block: "center", inline: "center"});
}

function reveal(box) {
  for (let up = parent[box]; up >= 0; up = parent[up]) open.add(up);
  chosen = box;
  draw();
  show(box);
}

function act(place) {
  if (place.reference) { reveal(place.box); return; }
  chosen = place.box;
  if (below[place.box].length) {
    if (open.has(place.box)) open.delete(place.box); else open.add(place.box);
  }
  draw();
  show(place.box);
  const group = scene.querySelector(`.box[data-box="${place.box}"]`);
  if (group) group.focus({preventScroll: true});
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  found = [];
  at = -1;
  if (wanted) {
    for (let box = root; box >= 0; box--) {
      const card = cards[box];
      if (card.label.toLowerCase().includes(wanted) || (below[box].length === 0 && card.formula.toLowerCase().includes(wanted))
        || (card.rows || []).some(row => row.text.toLowerCase().includes(wanted))) found.push(box);
    }
  }
  step(1);
}

function step(way) {
  if (!found.length) {
    count.textContent = field.value.trim() ? "nothing found" : "";
    draw();
    return;
  }
  at = (at + way + found.length) % found.length;
  count.textContent = `${at + 1} of ${found.length.toLocaleString("en")}`;
  reveal(found[at]);
}

function scaled(factor) {
  zoom = Math.min(3, Math.max(0.2, zoom * factor));
  draw();
  show(chosen);
}

function deeper() {
  const places = shownPlaces();
  let shown = places.length;
  for (const place of places) {
    if (!place.reference && !open.has(place.box) && shown + below[place.box].length <= MOST) {
      open.add(place.box);
      shown += below[place.box].length;
    }
  }
  draw();
}

let waiting = 0;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => search(field.value), 120); });
field.addEventListener("keydown", event => {
  if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
});
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
});
document.getElementById("next").addEventListener("click", () => step(1));
document.getElementById("before").addEventListener("click", () => step(-1));
document.getElementById("deeper").addEventListener("click", deeper);
document.getElementById("top").addEventListener("click", () => { openTop(); chosen = root; draw(); show(root); });
document.getElementById("larger").addEventListener("click", () => scaled(1.25));
document.getElementById("smaller").addEventListener("click", () => scaled(0.8));
openTop();
draw();
show(root);
