// Posts a changed row or a pasted block; puts the server's answer into the grid. Nothing typed is ever lost:
// a row whose post failed stays dirty and is sent again, and a cell that changed meanwhile is not overwritten.

const waiting = new Set();
const typed = new WeakMap();
let retry;

export function changed(row) {
  if (row) post(row, {});
}

export function removeRow(row) {
  const at = row.dataset.line;
  for (const cell of row.querySelectorAll("input:not([type=hidden])")) cell.value = "";
  row.hidden = true;
  post(row, { [`lines-${at}-DELETE`]: "on" });
}

export async function pasteRows(grid, text) {
  if (!text.trim()) return;
  const body = startBody(grid);
  body.set("rows", text);
  body.set("pasted", text);
  for (const cell of grid.querySelectorAll("#line-rows input[name]")) body.append(cell.name, cell.value);
  const page = await send(grid, grid.dataset.pasteUrl, body);
  if (!page) return;
  const rows = page.getElementById("line-rows");
  if (rows) document.getElementById("line-rows").replaceWith(rows);
  const total = page.querySelector("[data-line-total]");
  if (total) grid.querySelector("[data-line-total]").value = total.value;
  takeFrame(page);
}

async function post(row, extra) {
  const grid = row.closest("[data-line-grid]");
  if (!grid?.dataset.rowUrl) return;
  const body = startBody(grid);
  body.set("row", row.dataset.line);
  const sent = new Map();
  for (const cell of row.querySelectorAll("input[name]")) {
    body.set(cell.name, cell.value);
    sent.set(cell.name, cell.value);
  }
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  typed.set(row, sent);
  row.classList.add("line-row--saving");
  const page = await send(grid, grid.dataset.rowUrl, body);
  row.classList.remove("line-row--saving");
  if (!page) {
    waiting.add(row);
    clearTimeout(retry);
    retry = setTimeout(again, 4000);
    return;
  }
  waiting.delete(row);
  if (typed.get(row) !== sent) return; // a later change of this row is on its way
  takeRow(page, row, sent);
  takeFrame(page);
}

function again() {
  for (const row of [...waiting]) if (row.isConnected) post(row, row.hidden ? { [`lines-${row.dataset.line}-DELETE`]: "on" } : {});
}

window.addEventListener("online", again);

function startBody(grid) {
  const form = grid.closest("form");
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "version", "customer"]) {
    const value = form?.elements[name]?.value;
    if (value !== undefined) body.set(name, value);
  }
  body.set("form_key", newKey());
  return body;
}

async function send(grid, url, body) {
  tell("saving", grid.dataset.wordSaving);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.status >= 500 || answer.status === 403) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    tell("failed", grid.dataset.wordFailed);
    return null;
  }
}

function takeRow(page, row, sent) {
  const fresh = page.getElementById(row.id);
  if (!fresh) {
    if (row.hidden) row.remove();
    return;
  }
  row.className = fresh.className;
  for (const cell of fresh.querySelectorAll("td[data-cell]")) {
    const old = row.querySelector(`td[data-cell="${cell.dataset.cell}"]`);
    const box = old?.querySelector("input:not([type=hidden])");
    const given = cell.querySelector("input:not([type=hidden])");
    if (!box || !given) {
      old?.replaceChildren(...cell.childNodes);
      continue;
    }
    if (box.value === sent.get(box.name)) box.value = given.value;
    for (const name of ["aria-invalid", "aria-label"]) {
      if (given.hasAttribute(name)) box.setAttribute(name, given.getAttribute(name));
      else box.removeAttribute(name);
    }
    const id = cell.querySelector("input[type=hidden]");
    if (id) old.querySelector("input[type=hidden]").value = id.value;
  }
}

function takeFrame(page) {
  for (const id of ["line-totals", "line-warnings", "draft-state"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
  const version = page.querySelector("input[name=version]");
  if (version) for (const field of document.querySelectorAll("input[name=version]")) field.value = version.value;
  const state = document.getElementById("draft-state");
  if (state?.dataset.state === "saving") state.dataset.state = "saved";
}

function tell(state, words) {
  const place = document.getElementById("draft-state");
  if (!place) return;
  place.dataset.state = state;
  if (words) place.textContent = words;
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
