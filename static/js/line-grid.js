// The line grid: keys, look-up, paste, and each changed row posted. The server answers rows, totals and warnings.
import { closeLookup, lookupKey, lookupOpen, typedProduct } from "./lookup.js";
import { changed, detailsOf, pasteRows, paused, removeRow } from "./line-post.js";

const SCAN_GAP = 35; // milliseconds between two keys of a scanner, at most
const CELL = "[data-line-grid] tbody :is(input, select)";
const FOLD = "lines-folded-";
let lastKeyAt = 0;
let fastKeys = 0;

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.isComposing) return;
  const gap = event.timeStamp - lastKeyAt;
  lastKeyAt = event.timeStamp;
  const scanned = event.key === "Enter" && fastKeys >= 4 && gap < SCAN_GAP * 2;
  fastKeys = event.key.length === 1 && gap < SCAN_GAP ? fastKeys + 1 : event.key.length === 1 ? 0 : fastKeys;

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
    if (scanned && countAgain(cell)) return;
    onward(cell);
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
  if (cell) paused(lineOf(cell));
});

document.addEventListener("change", (event) => {
  const cell = event.target.closest?.(CELL);
  if (cell) changed(lineOf(cell));
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-lookup]")) setTimeout(() => closeLookup(event.target), 150);
});

document.addEventListener("paste", (event) => {
  const grid = event.target.closest?.("[data-line-grid] tbody")?.closest("[data-line-grid]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!grid || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  pasteRows(grid, text);
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

// The same code scanned again counts one more of the line that has it.
function countAgain(cell) {
  if (!cell.matches("[data-lookup]") || !cell.value.trim()) return false;
  const row = lineOf(cell);
  const twin = [...row.parentElement.querySelectorAll("[data-lookup]")].find(
    (other) => other !== cell && other.value.trim().toUpperCase() === cell.value.trim().toUpperCase(),
  );
  if (!twin) return false;
  const quantity = twin.closest("tr").querySelector("[name$=-quantity]");
  quantity.value = String(Number(quantity.value || 0) + 1);
  cell.value = "";
  changed(twin.closest("tr"));
  return true;
}

for (const grid of document.querySelectorAll("[data-line-grid]")) {
  fold(grid, localStorage.getItem(FOLD + grid.dataset.person) !== "no", false);
}
