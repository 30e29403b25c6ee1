// The line grid: keys, look-up, paste, and each changed row posted. The server answers rows, totals and warnings.
import { closeLookup, lookupKey, lookupOpen, typedProduct } from "./lookup.js";
import { changed, detailsOf, isTouched, pasteRows, paused, removeRow } from "./line-post.js";

const SCAN_GAP = 35; // milliseconds between two keys of a scanner, at most
const SHORTEST = { product: 5, other: 8 }; // a code scanned into a product cell, into any other
const CELL = "[data-line-grid] tbody :is(input, select)";
const FOLD = "lines-folded-";
let lastKeyAt = 0;
let scan = ""; // keys that came as fast as a scanner's
let before; // the cell they went into, and what stood there before

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.isComposing) return;
  if (event.ctrlKey && event.shiftKey && event.key === "Enter") return;
  const scanned = event.key === "Enter" && readScan(event, cell);
  if (event.key.length === 1) noteKey(event, cell);
  lastKeyAt = event.timeStamp;

  if (!scanned && lookupOpen() && lookupKey(event, cell)) return;
  if (event.key === "F2") {
    event.preventDefault();
    toDetails(cell);
  } else if (event.altKey && /^[1-3]$/.test(event.key)) {
    const offered = lineOf(cell).querySelectorAll("[data-suggestion]")[Number(event.key) - 1];
    if (offered) {
      event.preventDefault();
      offered.click();
    }
  } else if (event.ctrlKey && event.key === "Delete") {
    event.preventDefault();
    lineOf(cell).querySelector("[data-delete-row]")?.click();
  } else if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    cell.blur();
    enter(cells(addRow(cell.closest("[data-line-grid]")))[0]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (scanned) countScanned(cell, scanned);
    else onward(cell);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (cell.matches("select")) return;
    if (cell.type === "date" && event.altKey) return;
    event.preventDefault();
    vertical(cell, event.key === "ArrowDown" ? 1 : -1);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-line-grid] [data-lookup]")) typedProduct(event.target);
  const cell = event.target.closest?.(CELL);
  if (cell) paused(lineOf(cell), cell);
});

document.addEventListener("change", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell) return;
  // A date changes with every figure that is typed of its year: it is posted when it is left.
  if (cell.type === "date") paused(lineOf(cell));
  else changed(lineOf(cell));
});

// What is good to know of the line that is typed in stands under the grid, in sight.
document.addEventListener("focusin", (event) => event.target.closest?.(CELL) && showFacts());
document.addEventListener("draft-saved", showFacts);

function showFacts() {
  const place = document.getElementById("line-facts");
  const row = document.activeElement?.closest(CELL) && lineOf(document.activeElement);
  if (!place || !row) return;
  const facts = detailsOf(row)?.querySelector("[data-cell=facts]")?.cloneNode(true).childNodes ?? [];
  place.replaceChildren(...facts);
  place.hidden = false;
}

document.addEventListener("focusout", (event) => {
  if (event.target.type === "date" && event.target.closest(CELL) && isTouched(lineOf(event.target))) changed(lineOf(event.target));
  if (event.target.matches?.("[data-lookup]")) setTimeout(() => closeLookup(event.target), 150);
});

document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.(CELL);
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !(/[\t\n]/.test(text.trim()) || (cell.type === "date" && text.trim()))) return;
  event.preventDefault();
  pasteRows(cell.closest("[data-line-grid]"), text, cell.matches("[data-lookup]") ? null : cell);
});

document.addEventListener("click", (event) => {
  const grid = event.target.closest?.("[data-line-grid]");
  if (!grid) return;
  const row = lineOf(event.target);
  if (event.target.closest("[data-fold-lines]")) {
    fold(grid, !grid.classList.contains("line-grid--folded"), true);
  } else if (event.target.closest("[data-add-row]")) {
    event.preventDefault();
    addRow(grid)?.querySelector("[data-lookup]").focus();
  } else if (event.target.closest("[data-delete-row]")) {
    event.preventDefault();
    const next = beside(row, 1) ?? beside(row, -1);
    removeRow(row);
    next?.querySelector("[data-lookup]")?.focus();
  } else if (event.target.closest("[data-suggestion]")) {
    event.preventDefault();
    const product = row.querySelector("[data-lookup]");
    product.value = event.target.closest("[data-suggestion]").dataset.suggestion;
    changed(row);
    row.querySelector("[name$=-quantity]").focus();
  } else if (event.target.closest("[data-paste-block]")) {
    event.preventDefault();
    const field = grid.querySelector("#pasted");
    pasteRows(grid, field.value);
    field.value = "";
    field.closest("details").open = false;
  }
});

function lineOf(element) {
  const row = element.closest("tr");
  return row?.matches(".line-more") ? row.previousElementSibling : row;
}

function beside(row, step) {
  let next = row;
  do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next && (next.matches(".line-more") || next.hidden));
  return next;
}

function cells(row) {
  return [...row.querySelectorAll("input:not([type=hidden])")];
}

function details(row) {
  return [...(detailsOf(row)?.querySelectorAll(":is(input, select)") ?? [])];
}

// Enter walks the cells of the row it is in: the line's own, or its details; after the last one the next line.
function onward(cell) {
  const row = lineOf(cell);
  const all = cell.closest(".line-more") ? details(row) : cells(row);
  const next = all[all.indexOf(cell) + 1];
  if (next) return enter(next);
  const below = beside(row, 1) ?? addRow(row.closest("[data-line-grid]"));
  if (below) enter(cells(below)[0]);
}

function vertical(cell, step) {
  const row = lineOf(cell);
  const target = beside(row, step);
  if (!target) return;
  const within = cell.closest(".line-more") ? details : cells;
  enter(within(target)[within(row).indexOf(cell)]);
}

// F2: into the details of this line and back.
function toDetails(cell) {
  const row = lineOf(cell);
  const more = detailsOf(row);
  if (cell.closest(".line-more")) {
    more.classList.remove("line-more--open");
    return enter(cells(row)[1]);
  }
  more?.classList.add("line-more--open");
  const first = details(row)[0];
  if (first) enter(first);
}

function fold(grid, folded, keep) {
  grid.classList.toggle("line-grid--folded", folded);
  grid.querySelector("[data-fold-lines]")?.setAttribute("aria-pressed", String(!folded));
  if (keep) localStorage.setItem(FOLD + grid.dataset.person, folded ? "yes" : "no");
}

function enter(cell) {
  cell.focus();
  if (cell.type === "text") cell.select();
}

function addRow(grid) {
  const total = grid.querySelector("[data-line-total]");
  const template = grid.querySelector("#line-template");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__N__", total.value);
  total.value = Number(total.value) + 1;
  const rows = [...holder.content.querySelectorAll("tr")];
  grid.querySelector("#line-rows").append(...rows);
  return rows[0];
}

function noteKey(event, cell) {
  const fast = event.timeStamp - lastKeyAt < SCAN_GAP;
  scan = fast ? scan + event.key : event.key;
  if (!fast) before = { cell, value: cell.value };
}

// What a scanner typed before this Enter; nothing if a person typed it.
function readScan(event, cell) {
  const isProduct = cell.matches("[data-lookup]");
  const long = scan.length >= (isProduct ? SHORTEST.product : SHORTEST.other);
  const fast = long && event.timeStamp - lastKeyAt < SCAN_GAP * 2 && before?.cell === cell;
  const code = fast ? (isProduct ? cell.value.trim() : scan) : "";
  scan = "";
  return code;
}

// A code scanned is one piece of it: one more of the line that has it, else a new line; then the next may come,
// whichever cell the scanner was in.
function countScanned(cell, code) {
  const row = lineOf(cell);
  const own = cell.matches("[data-lookup]");
  if (!own || row.dataset.code) cell.value = before.value;
  else cell.value = "";
  closeLookup(cell);
  const rows = [...row.parentElement.querySelectorAll(".line-row:not([hidden])")];
  const wanted = code.toUpperCase();
  const has = (each) => [each.dataset.code, each.dataset.barcode, productOf(each).value.trim()].some((said) => said?.toUpperCase() === wanted);
  const target = rows.find(has) ?? (own && !productOf(row).value.trim() ? row : emptyRow(row));
  if (!has(target)) productOf(target).value = code;
  const quantity = target.querySelector("[name$=-quantity]");
  if (!Number.isNaN(Number(quantity.value))) quantity.value = String(Number(quantity.value) + 1);
  changed(target);
  enter(productOf(emptyRow(row)));
}

function productOf(row) {
  return row.querySelector("[data-lookup]");
}

function emptyRow(row) {
  const rows = [...row.parentElement.querySelectorAll(".line-row:not([hidden])")];
  return rows.reverse().find((each) => cells(each).every((cell) => !cell.value)) ?? addRow(row.closest("[data-line-grid]"));
}

for (const grid of document.querySelectorAll("[data-line-grid]")) {
  fold(grid, localStorage.getItem(FOLD + grid.dataset.person) !== "no", false);
}
