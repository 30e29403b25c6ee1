// Posts changed rows and pasted blocks, one after the other, so that a new row has its number before its next
// change goes out; puts the server's answer into the grid. Nothing typed is lost: what could not be sent is sent
// again, what was refused stays in its cells, and a cell that changed meanwhile is not overwritten.
import { inTurn, isUnsent, newKey, parting, refused, register, saved, send, startBody, takeFrame, unsent } from "./draft-post.js";

const PAUSE = 1000; // milliseconds without a key until what is typed is kept
const pauses = new Map();
const touched = new Map(); // row typed in and not answered yet → how often
const sentLast = new WeakMap();
const halfway = new WeakSet(); // rows kept while they were being typed: said again when they are left
const keys = new WeakMap(); // row → its key until it is answered: sent again it is the same row (I11)
const known = new WeakMap(); // row → cell → what is saved of it, as far as the page knows (I12)
const elsewhere = new WeakMap(); // row → cell → what another window saved of it, until the cell is typed in again
let block = {}; // the pasted text that was not answered, and its key

for (const row of document.querySelectorAll("#line-rows [data-unread]")) refused(row);
register({ again: (what) => what !== "header" && changed(what), flush, farewell, stamp });

export function changed(row) {
  clearTimeout(pauses.get(row));
  if (row) inTurn(() => postRow(row));
}

// Typing paused: what stands in the row is kept, though nobody said yet that it is all.
export function paused(row, cell) {
  overtake(row, cell);
  clearTimeout(pauses.get(row));
  pauses.set(row, setTimeout(() => inTurn(() => postRow(row, true)), PAUSE));
  touched.set(row, (touched.get(row) ?? 0) + 1);
}

export function isTouched(row) {
  return touched.has(row);
}

// The second row of a line: what is seldom typed.
export function detailsOf(row) {
  const more = row.nextElementSibling;
  return more?.matches(".line-more") ? more : null;
}

export function removeRow(row) {
  for (const cell of row.querySelectorAll("input:not([type=hidden])")) cell.value = "";
  row.hidden = true;
  const more = detailsOf(row);
  if (more) more.hidden = true;
  inTurn(() => postRow(row));
}

// A block: new lines, or from a cell on downwards and to the right.
export function pasteRows(grid, text, cell) {
  const from = cell && { at: cell.closest("[data-cell]").dataset.cell, row: cell.name.split("-")[1] };
  if (text.trim()) inTurn(() => postBlock(grid, text, from));
}

function flush() {
  for (const row of touched.keys()) changed(row);
}

function farewell() {
  for (const row of touched.keys()) if (row.isConnected) part(row);
}

async function postRow(row, typing = false) {
  const grid = row.closest("[data-line-grid]");
  if (!grid?.dataset.rowUrl) return void touched.delete(row);
  const values = valuesOf(row);
  if (!row.hidden && !isUnsent(row) && !halfway.has(row) && same(sentLast.get(row), values)) return;
  if (typing && same(sentLast.get(row), values)) return;
  const body = rowBody(grid, row, values, typing);
  if (typing) halfway.add(row);
  else halfway.delete(row);
  const typed = touched.get(row);
  row.classList.add("line-row--saving");
  const answer = await send(grid.dataset.rowUrl, body);
  row.classList.remove("line-row--saving");
  if (!answer) return unsent(row);
  if (touched.get(row) === typed) touched.delete(row);
  if (answer.status === 200) saved(row);
  else refused(row);
  keys.delete(row);
  takeRow(answer.page, row, values);
  takeFrame(answer);
  for (const cell of row.querySelectorAll("input[type=hidden]")) values.set(cell.name, cell.value);
  sentLast.set(row, values);
}

// What the page knows to be saved of a row: as it came, and after each answer.
function knownOf(row) {
  if (!known.has(row)) {
    const said = JSON.parse(row.dataset.was || "{}");
    known.set(row, new Map(controls(row).map((cell) => [cellOf(cell), said[cellOf(cell)] ?? savedIn(cell)])));
  }
  return known.get(row);
}

function savedIn(cell) {
  if (!cell.matches("select")) return cell.defaultValue;
  return ([...cell.options].find((each) => each.defaultSelected) ?? cell.options[0])?.value ?? "";
}

// Both values were seen: what is typed now is meant to stand in the place of the other.
function overtake(row, cell) {
  const name = cell && cellOf(cell);
  const there = elsewhere.get(row);
  if (!there?.has(name)) return;
  knownOf(row).set(name, there.get(name));
  there.delete(name);
  sentLast.delete(row);
}

function wasOf(row) {
  return JSON.stringify(Object.fromEntries(knownOf(row)));
}

// The whole form says of each cell what it was typed over, as a posted row does.
function stamp(body) {
  for (const row of document.querySelectorAll("#line-rows .line-row:not([hidden])")) {
    if (row.querySelector("input[type=hidden]")?.value) body.set(`lines-${row.dataset.line}-was`, wasOf(row));
  }
}

function controls(row) {
  return [row, detailsOf(row)].flatMap((each) => [...(each?.querySelectorAll(":is(input:not([type=hidden]), select)[name]") ?? [])]);
}

function cellOf(cell) {
  return cell.name.split("-")[2];
}

function valuesOf(row) {
  const cells = [row, detailsOf(row)].flatMap((each) => [...(each?.querySelectorAll(":is(input, select)[name]") ?? [])]);
  return new Map(cells.map((cell) => [cell.name, cell.value]));
}

function rowBody(grid, row, values, typing) {
  const body = startBody(grid.closest("form"));
  if (!keys.has(row)) keys.set(row, newKey());
  body.set("form_key", keys.get(row));
  body.set("row", row.dataset.line);
  for (const [name, value] of values) body.set(name, value);
  if (values.get(`lines-${row.dataset.line}-id`)) body.set(`lines-${row.dataset.line}-was`, wasOf(row));
  if (row.hidden) body.set(`lines-${row.dataset.line}-DELETE`, "on");
  if (typing) body.set(`lines-${row.dataset.line}-typing`, "on");
  return body;
}

function part(row) {
  const grid = row.closest("[data-line-grid]");
  if (!grid?.dataset.rowUrl || same(sentLast.get(row), valuesOf(row))) return;
  parting(grid.dataset.rowUrl, rowBody(grid, row, valuesOf(row), true));
}

async function postBlock(grid, text, from) {
  const body = startBody(grid.closest("form"));
  if (block.text !== text) block = { text, key: newKey() };
  body.set("form_key", block.key);
  body.set("rows", text);
  body.set("pasted", text);
  if (from) for (const name of ["at", "row"]) body.set(name, from[name]);
  for (const cell of grid.querySelectorAll("[data-line-total], #line-rows tr:not([hidden]) :is(input, select)[name]")) body.append(cell.name, cell.value);
  stamp(body);
  const answer = await send(grid.dataset.pasteUrl, body);
  if (answer) block = {};
  if (answer?.status !== 200) keepBlock(grid, text);
  if (!answer) return;
  const rows = answer.page.getElementById("line-rows");
  if (rows && answer.status === 200) {
    document.getElementById("line-rows").replaceWith(rows);
    const total = answer.page.querySelector("[data-line-total]");
    if (total) grid.querySelector("[data-line-total]").value = total.value;
    const red = rows.querySelector(".line-row--unknown [data-lookup]");
    const there = from && rows.querySelector(`[name="lines-${from.row}-${from.at}"]`);
    (red ?? there ?? [...rows.querySelectorAll("[data-lookup]")].pop())?.focus();
  }
  takeFrame(answer);
}

// What was not taken is to be mended, not pasted anew.
function keepBlock(grid, text) {
  const field = grid.querySelector("#pasted");
  field.value = text;
  field.closest("details").open = true;
}

function same(one, other) {
  return one !== undefined && [...other].every(([name, value]) => one.get(name) === value);
}

// The lines below a removed one move up.
function renumber(gone) {
  const place = placeOf(gone);
  for (const row of place ? gone.parentElement.querySelectorAll(".line-row") : []) {
    if (placeOf(row) > place) row.querySelector("[data-cell=place]").textContent = placeOf(row) - 1;
  }
}

function placeOf(row) {
  return Number(row.querySelector("[data-cell=place]")?.textContent ?? 0);
}

function takeRow(page, row, values) {
  const fresh = page.getElementById(row.id);
  if (!fresh) {
    if (row.hidden) {
      renumber(row);
      detailsOf(row)?.remove();
      row.remove();
    }
    return;
  }
  const other = new Map(Object.entries(JSON.parse(fresh.dataset.overtaken || "{}")));
  elsewhere.set(row, other);
  const said = JSON.parse(fresh.dataset.was || "{}");
  const typing = document.activeElement?.matches("[data-lookup]") && row.contains(document.activeElement);
  if (!typing) row.className = fresh.className;
  for (const name of ["code", "barcode"]) row.dataset[name] = fresh.dataset[name] ?? "";
  const more = detailsOf(row);
  if (detailsOf(fresh)?.matches(".line-more--open")) more?.classList.add("line-more--open");
  for (const cell of [fresh, detailsOf(fresh)].flatMap((each) => [...(each?.querySelectorAll("[data-cell]") ?? [])])) {
    const old = row.querySelector(`[data-cell="${cell.dataset.cell}"]`) ?? more?.querySelector(`[data-cell="${cell.dataset.cell}"]`);
    const box = old?.querySelector(":is(input:not([type=hidden]), select)");
    const given = cell.querySelector(":is(input:not([type=hidden]), select)");
    if (!box || !given) {
      if (!typing || cell.dataset.cell !== "name") old?.replaceChildren(...cell.childNodes);
      continue;
    }
    if (!other.has(cellOf(box))) knownOf(row).set(cellOf(box), said[cellOf(box)] ?? savedIn(given));
    if (box.value === values.get(box.name)) {
      if (box.matches("select") && box.innerHTML !== given.innerHTML) box.replaceChildren(...given.cloneNode(true).childNodes);
      if (box.value !== given.value) box.value = given.value;
      values.set(box.name, given.value);
    }
    for (const name of ["aria-invalid", "aria-label"]) {
      if (given.hasAttribute(name) && !(typing && name === "aria-invalid")) box.setAttribute(name, given.getAttribute(name));
      else box.removeAttribute(name);
    }
    const number = cell.querySelector("input[type=hidden]");
    if (number) old.querySelector("input[type=hidden]").value = number.value;
  }
}
