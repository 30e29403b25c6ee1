// Posts changed rows and pasted blocks, one after the other, so that a new row has its number before its next
// change goes out; puts the server's answer into the grid. Nothing typed is lost: what could not be sent is sent
// again, what was refused stays in its cells, and a cell that changed meanwhile is not overwritten.

const RETRY = 4000; // milliseconds until what could not be sent is sent again
const PAUSE = 1000; // milliseconds without a key until what is typed is kept
const pauses = new Map();
const touched = new Set(); // rows typed in since they were last sent
const sentLast = new WeakMap();
const unsent = new Set();
const halfway = new WeakSet(); // rows kept while they were being typed: said again when they are left
const keys = new WeakMap(); // row → its key until it is answered: sent again it is the same row (I11)
const SIGNED_OUT = new Error("signed out");
let block = {}; // the pasted text that was not answered, and its key
let queue = Promise.resolve();
let waiting = 0;
let retry;

export function changed(row) {
  clearTimeout(pauses.get(row));
  if (row) inTurn(() => postRow(row));
}

// Typing paused: what stands in the row is kept, though nobody said yet that it is all.
export function paused(row) {
  clearTimeout(pauses.get(row));
  pauses.set(row, setTimeout(() => inTurn(() => postRow(row, true)), PAUSE));
  touched.add(row);
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

export function pasteRows(grid, text) {
  if (text.trim()) inTurn(() => postBlock(grid, text));
}

// The promise that everything has been answered, or nothing if nothing is on its way.
export function underway() {
  return waiting ? queue : null;
}

// Whoever leaves with something unsent is asked first.
window.addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault();
});
window.addEventListener("online", again);
window.addEventListener("focus", again);
// The page goes: what was typed and not sent goes with it, without waiting for an answer.
window.addEventListener("pagehide", () => {
  for (const row of [...touched, ...unsent]) if (row.isConnected) farewell(row);
});

function inTurn(step) {
  waiting += 1;
  queue = queue
    .then(step)
    .catch(() => {})
    .finally(() => (waiting -= 1));
}

async function postRow(row, typing = false) {
  const grid = row.closest("[data-line-grid]");
  if (!row.isConnected || !grid?.dataset.rowUrl) return;
  const values = valuesOf(row);
  if (!row.hidden && !unsent.has(row) && !halfway.has(row) && same(sentLast.get(row), values)) return;
  if (typing && same(sentLast.get(row), values)) return;
  const body = rowBody(grid, row, values, typing);
  if (typing) halfway.add(row);
  else halfway.delete(row);
  touched.delete(row);
  row.classList.add("line-row--saving");
  const answer = await send(grid, grid.dataset.rowUrl, body);
  row.classList.remove("line-row--saving");
  if (!answer) {
    unsent.add(row);
    clearTimeout(retry);
    retry = setTimeout(again, RETRY);
    return;
  }
  unsent.delete(row);
  keys.delete(row);
  takeRow(answer.page, row, values);
  takeFrame(grid, answer);
  for (const cell of row.querySelectorAll("input[type=hidden]")) values.set(cell.name, cell.value);
  sentLast.set(row, values);
  if (answer.status === 200) document.body.dispatchEvent(new Event("draft-saved"));
}

function valuesOf(row) {
  const cells = [row, detailsOf(row)].flatMap((each) => [...(each?.querySelectorAll(":is(input, select)[name]") ?? [])]);
  return new Map(cells.map((cell) => [cell.name, cell.value]));
}

function rowBody(grid, row, values, typing) {
  const body = startBody(grid);
  if (!keys.has(row)) keys.set(row, newKey());
  body.set("form_key", keys.get(row));
  body.set("row", row.dataset.line);
  for (const [name, value] of values) body.set(name, value);
  if (row.hidden) body.set(`lines-${row.dataset.line}-DELETE`, "on");
  if (typing) body.set(`lines-${row.dataset.line}-typing`, "on");
  return body;
}

function farewell(row) {
  const grid = row.closest("[data-line-grid]");
  if (!grid?.dataset.rowUrl || same(sentLast.get(row), valuesOf(row))) return;
  fetch(grid.dataset.rowUrl, { method: "POST", body: rowBody(grid, row, valuesOf(row), true), keepalive: true }).catch(() => {});
}

async function postBlock(grid, text) {
  const body = startBody(grid);
  if (block.text !== text) block = { text, key: newKey() };
  body.set("form_key", block.key);
  body.set("rows", text);
  body.set("pasted", text);
  for (const cell of grid.querySelectorAll("[data-line-total], #line-rows tr:not([hidden]) :is(input, select)[name]")) body.append(cell.name, cell.value);
  const answer = await send(grid, grid.dataset.pasteUrl, body);
  if (answer) block = {};
  if (answer?.status !== 200) grid.querySelector("#pasted").value = text; // to be mended, not pasted anew
  if (!answer) return;
  const rows = answer.page.getElementById("line-rows");
  if (rows && answer.status === 200) {
    document.getElementById("line-rows").replaceWith(rows);
    const total = answer.page.querySelector("[data-line-total]");
    if (total) grid.querySelector("[data-line-total]").value = total.value;
    const red = rows.querySelector(".line-row--unknown [data-lookup]");
    (red ?? [...rows.querySelectorAll("[data-lookup]")].pop())?.focus();
    document.body.dispatchEvent(new Event("draft-saved"));
  }
  takeFrame(grid, answer);
}

function again() {
  for (const row of [...unsent]) {
    if (row.isConnected) changed(row);
    else unsent.delete(row);
  }
}

function same(one, other) {
  return one !== undefined && [...other].every(([name, value]) => one.get(name) === value);
}

function startBody(grid) {
  const form = grid.closest("form");
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "version", "customer"]) {
    const value = form?.elements[name]?.value;
    if (value !== undefined) body.set(name, value);
  }
  return body;
}

async function send(grid, url, body) {
  tell("saving", grid.dataset.wordSaving);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.status === 401 || answer.status === 403 || answer.redirected) throw await signedOut(grid);
    if (answer.status >= 500) throw new Error(String(answer.status));
    return { status: answer.status, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  } catch (error) {
    if (error !== SIGNED_OUT) tell("failed", grid.dataset.wordFailed);
    return null;
  }
}

// The session ended, or its token changed: asked again by whoever is signed in now; else the person is told where
// to sign in. What was typed stays in its cells and is sent again.
async function signedOut(grid) {
  const page = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  const token = page.redirected ? null : new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (token) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    return new Error("token");
  }
  tell("failed", grid.dataset.wordSignedOut);
  const link = Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: grid.dataset.wordSignIn });
  document.getElementById("draft-state")?.append(" ", link);
  return SIGNED_OUT;
}

function takeRow(page, row, values) {
  const fresh = page.getElementById(row.id);
  if (!fresh) {
    if (row.hidden) {
      detailsOf(row)?.remove();
      row.remove();
    }
    return;
  }
  const typing = document.activeElement?.matches("[data-lookup]") && row.contains(document.activeElement);
  if (!typing) row.className = fresh.className;
  const more = detailsOf(row);
  for (const cell of [fresh, detailsOf(fresh)].flatMap((each) => [...(each?.querySelectorAll("[data-cell]") ?? [])])) {
    const old = row.querySelector(`[data-cell="${cell.dataset.cell}"]`) ?? more?.querySelector(`[data-cell="${cell.dataset.cell}"]`);
    const box = old?.querySelector(":is(input:not([type=hidden]), select)");
    const given = cell.querySelector(":is(input:not([type=hidden]), select)");
    if (!box || !given) {
      if (!typing || cell.dataset.cell !== "name") old?.replaceChildren(...cell.childNodes);
      continue;
    }
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

function takeFrame(grid, answer) {
  for (const id of ["line-totals", "line-warnings", "draft-state"]) {
    const fresh = answer.page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
  const version = answer.page.querySelector("input[name=version]");
  if (version) for (const field of document.querySelectorAll("input[name=version]")) field.value = version.value;
  const state = document.getElementById("draft-state");
  if (answer.status >= 400) tell("failed", grid.dataset.wordRefused);
  else if (state?.dataset.state === "saving") state.dataset.state = "saved";
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
