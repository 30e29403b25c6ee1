// The line grid: keys, look-up, paste, and each changed row posted. The server answers rows, totals and warnings.
import { closeLookup, lookupKey, lookupOpen, typedProduct } from "./lookup.js";
import { changed, pasteRows, removeRow, underway } from "./line-post.js";

const SCAN_GAP = 35; // milliseconds between two keys of a scanner, at most
let lastKeyAt = 0;
let fastKeys = 0;

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-line-grid] tbody input");
  if (!cell || event.isComposing) return;
  const gap = event.timeStamp - lastKeyAt;
  lastKeyAt = event.timeStamp;
  const scanned = event.key === "Enter" && fastKeys >= 4 && gap < SCAN_GAP * 2;
  fastKeys = event.key.length === 1 && gap < SCAN_GAP ? fastKeys + 1 : event.key.length === 1 ? 0 : fastKeys;

  if (lookupOpen() && lookupKey(event, cell)) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (scanned && countAgain(cell)) return;
    onward(cell);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (cell.type === "date" && event.altKey) return;
    event.preventDefault();
    vertical(cell, event.key === "ArrowDown" ? 1 : -1);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-line-grid] [data-lookup]")) typedProduct(event.target);
});

document.addEventListener("change", (event) => {
  const cell = event.target.closest?.("[data-line-grid] tbody input");
  if (cell) changed(cell.closest("tr"));
});

// The whole form waits for the rows on their way: a new row is saved once, under its number.
document.addEventListener("submit", (event) => {
  const going = event.target.querySelector("[data-line-grid]") && underway();
  if (!going) return;
  event.preventDefault();
  going.then(() => event.target.requestSubmit(event.submitter));
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
  const row = event.target.closest("tr");
  if (event.target.closest("[data-add-row]")) {
    event.preventDefault();
    addRow(grid)?.querySelector("[data-lookup]").focus();
  } else if (event.target.closest("[data-delete-row]")) {
    event.preventDefault();
    const next = row.nextElementSibling ?? row.previousElementSibling;
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

function cells(row) {
  return [...row.querySelectorAll("input:not([type=hidden])")];
}

function onward(cell) {
  const row = cell.closest("tr");
  const all = cells(row);
  const next = all[all.indexOf(cell) + 1];
  if (next) return enter(next);
  const below = row.nextElementSibling ?? addRow(row.closest("[data-line-grid]"));
  if (below) enter(cells(below)[0]);
}

function vertical(cell, step) {
  const row = cell.closest("tr");
  const target = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (target) enter(cells(target)[cells(row).indexOf(cell)]);
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
  const row = holder.content.querySelector("tr");
  grid.querySelector("#line-rows").append(row);
  return row;
}

// The same code scanned again counts one more of the line that has it.
function countAgain(cell) {
  if (!cell.matches("[data-lookup]") || !cell.value.trim()) return false;
  const row = cell.closest("tr");
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
