// Product look-up under a cell: code, name, initials or the customer's own part number. GET answers JSON rows.
// Enter takes what is marked; Tab only what was walked to with the arrows, or typed whole.

let list;
let current;
let timer;
let serial = 0;
let walked = false; // whether the person chose a row of the list with the arrows
let eager; // the cell in which Enter was pressed before the answer to its last letter was here

export function lookupOpen() {
  return Boolean(list?.isConnected && list.children.length);
}

export function typedProduct(cell) {
  clearTimeout(timer);
  eager = undefined;
  const text = cell.value.trim();
  if (text.length < 1) return closeLookup(cell);
  timer = setTimeout(() => ask(cell, text), 140);
}

export function closeLookup(cell) {
  if (cell && current && cell !== current) return;
  serial += 1;
  list?.remove();
  current?.setAttribute("aria-expanded", "false");
  current?.removeAttribute("aria-activedescendant");
  current = undefined;
}

// True when the key was for the list.
export function lookupKey(event, cell) {
  if (event.key === "Escape") {
    event.stopPropagation();
    closeLookup(cell);
    return true;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walked = true;
    step(event.key === "ArrowDown" ? 1 : -1);
    return true;
  }
  const text = cell.value.trim();
  if (list.dataset.text !== text) {
    // What is offered answers an earlier letter: Enter waits for the last one, Tab keeps what is typed.
    if (event.key === "Tab") closeLookup(cell);
    if (event.key !== "Enter") return false;
    event.preventDefault();
    clearTimeout(timer);
    eager = cell;
    ask(cell, text);
    return true;
  }
  const chosen = list.querySelector('[aria-selected="true"]');
  if (event.key === "Enter" && chosen) {
    event.preventDefault();
    take(chosen, true);
    return true;
  }
  if (event.key === "Tab") {
    const whole = chosen?.dataset.code.toUpperCase() === text.toUpperCase();
    if (chosen && (walked || whole)) take(chosen, false);
    else closeLookup(cell);
  }
  return false;
}

async function ask(cell, text) {
  const grid = cell.closest("[data-line-grid]");
  const mine = ++serial;
  const url = new URL(grid.dataset.lookupUrl, location.href);
  url.searchParams.set("q", text);
  if (grid.dataset.customer) url.searchParams.set("customer", grid.dataset.customer);
  const quantity = cell.closest("tr").querySelector("[name$=-quantity]")?.value;
  if (quantity) url.searchParams.set("quantity", quantity);
  let found = [];
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok) found = await answer.json();
  } catch {
    // No network: the cell takes what is typed, and the server judges it with the row.
  }
  if (mine === serial && document.activeElement === cell) show(cell, text, Array.isArray(found) ? found : found.results);
}

function show(cell, text, found) {
  const waited = eager === cell;
  eager = undefined;
  closeLookup();
  if (!found?.length) return waited && toQuantity(cell);
  list = document.createElement("ul");
  list.id = "lookup-list";
  list.dataset.text = text;
  list.className = "lookup-list";
  list.setAttribute("role", "listbox");
  list.append(...found.slice(0, 12).map(option));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const chosen = event.target.closest("li");
    if (chosen) take(chosen, true);
  });
  const box = cell.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(box.left + scrollX, scrollX + innerWidth - 360))}px`;
  list.style.top = `${box.bottom + scrollY + 2}px`;
  document.body.append(list);
  current = cell;
  cell.setAttribute("aria-expanded", "true");
  cell.setAttribute("aria-controls", list.id);
  walked = false;
  step(1);
  if (waited) take(list.firstElementChild, true);
}

function option(product, at) {
  const row = document.createElement("li");
  row.id = `lookup-${at}`;
  row.setAttribute("role", "option");
  row.dataset.code = product.code;
  for (const [name, words] of [["code", product.code], ["name", product.name], ["price", [product.price, product.unit].filter(Boolean).join(" / ")]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = words ?? "";
    row.append(part);
  }
  return row;
}

function step(by) {
  const options = [...list.children];
  const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = (now + by + options.length) % options.length;
  options.forEach((each, at) => each.setAttribute("aria-selected", String(at === next)));
  options[next].scrollIntoView({ block: "nearest" });
  current?.setAttribute("aria-activedescendant", options[next].id);
}

function take(chosen, goOn) {
  const cell = current;
  cell.value = chosen.dataset.code;
  closeLookup();
  cell.dispatchEvent(new Event("change", { bubbles: true }));
  if (goOn) toQuantity(cell);
}

function toQuantity(cell) {
  const quantity = cell.closest("tr").querySelector("[name$=-quantity]");
  quantity.focus();
  quantity.select();
}
