// What of a draft is on its way and what is not saved yet: one post after the other, sent again until it is
// answered, under a new token after somebody signed in again. Rows are posted by line-post.js, the header by
// header-post.js; both say here what became of it, so that the page never calls a draft saved that is not.

const RETRY = 4000; // milliseconds until what could not be sent is sent again
const SIGNED_OUT = new Error("signed out");
const unsaved = new Map(); // row or "header" → "unsent" (sent again by itself) or "refused" (to be mended)
const posters = []; // {again, flush, farewell, stamp} of the rows and of the header
let queue = Promise.resolve();
let waiting = 0;
let handedIn = false; // the whole form is on its way, with all that stands in it
let retry;

export function register(poster) {
  posters.push(poster);
}

export function inTurn(step) {
  waiting += 1;
  queue = queue
    .then(step)
    .catch(() => {})
    .finally(() => (waiting -= 1));
}

// All that was typed goes out now: the promise that it was answered; nothing if nothing is left to be sent.
export function flushed() {
  for (const each of posters) each.flush();
  if (unsaved.size) again();
  return waiting ? queue.then(() => ![...unsaved.values()].includes("unsent")) : null;
}

export function saved(what) {
  unsaved.delete(what);
}

export function unsent(what) {
  unsaved.set(what, "unsent");
  clearTimeout(retry);
  retry = setTimeout(again, RETRY);
}

export function refused(what) {
  unsaved.set(what, "refused");
}

export function isUnsent(what) {
  return unsaved.get(what) === "unsent";
}

function again() {
  for (const [what, why] of left()) if (why === "unsent") for (const each of posters) each.again(what);
}

// What is not saved; a row that is not in the grid any more is nobody's.
function left() {
  for (const what of [...unsaved.keys()]) if (what.isConnected === false) unsaved.delete(what);
  return [...unsaved];
}

// Whoever leaves with something unsent is asked first; so is who leaves what nobody keeps: typed, but not to be read.
window.addEventListener("beforeunload", (event) => {
  const why = left().map((each) => each[1]);
  const lost = why.includes("refused") && !handedIn && words().keepsReadOnly !== undefined;
  if (lost || why.includes("unsent")) event.preventDefault();
});
window.addEventListener("pageshow", () => (handedIn = false));
window.addEventListener("online", again);
window.addEventListener("focus", again);
// The page goes: what was typed and not sent goes with it, without waiting for an answer.
window.addEventListener("pagehide", () => {
  for (const each of posters) each.farewell();
});

// The whole form waits until all is saved: a new row is saved once, under its number, and nothing typed is lost
// to a session that ended.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.flushed) handedIn = delete form.dataset.flushed;
  else if (form.querySelector("[data-line-grid]")) {
    const going = flushed();
    if (!going) return void (handedIn = true);
    event.preventDefault();
    going.then((sent) => {
      if (!sent) return;
      form.dataset.flushed = "yes";
      form.requestSubmit(event.submitter);
    });
  }
});

document.addEventListener("formdata", (event) => {
  if (event.target.querySelector("[data-line-grid]")) for (const each of posters) each.stamp(event.formData);
});

// Ctrl S sends what is left now; Ctrl Shift Enter presses "Save and submit", however far away it is.
document.addEventListener("keydown", (event) => {
  const form = (event.ctrlKey || event.metaKey) && document.querySelector("[data-line-grid]")?.closest("form");
  if (!form) return;
  if (event.key.toLowerCase() === "s") flushed();
  else if (event.key === "Enter" && event.shiftKey) document.querySelector(`[form="${form.id}"][name=submit_order]`)?.click();
  else return;
  event.preventDefault();
});

export function startBody(form) {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "version", "customer"]) {
    const value = form?.elements[name]?.value;
    if (value !== undefined) body.set(name, value);
  }
  return body;
}

export function parting(url, body) {
  fetch(url, { method: "POST", body, keepalive: true }).catch(() => {});
}

// The answer as {status, page}; null if it did not arrive or was not for this person.
export async function send(url, body) {
  tell("saving", words().wordSaving);
  try {
    let answer = await post(url, body);
    if (isStranger(answer)) {
      body.set("csrfmiddlewaretoken", await newToken());
      answer = await post(url, body);
    }
    if (isStranger(answer) || answer.status >= 500) throw new Error(String(answer.status));
    return { status: answer.status, page: parsed(await answer.text()) };
  } catch (error) {
    if (error !== SIGNED_OUT) tell("failed", words().wordFailed);
    return null;
  }
}

function post(url, body) {
  return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
}

function isStranger(answer) {
  return answer.status === 401 || answer.status === 403 || answer.redirected;
}

// The session ended, or its token changed: asked anew by whoever is signed in now; else the person is told where
// to sign in. What was typed stays in its cells and is sent again.
async function newToken() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  const token = answer.redirected ? null : parsed(await answer.text()).querySelector("[name=csrfmiddlewaretoken]");
  if (token) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    return token.value;
  }
  tell("failed", words().wordSignedOut);
  const link = Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: words().wordSignIn });
  document.getElementById("draft-state")?.append(" ", link);
  throw SIGNED_OUT;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// What an answer says beside the rows: totals, notes, version, and the state of the draft as a whole. What the page
// says of a value saved elsewhere stays until it was answered (`keepNotice`).
export function takeFrame(answer, keepNotice = false) {
  for (const id of ["line-totals", "line-warnings", "edit-notice", "draft-state"]) {
    const fresh = answer.page.getElementById(id);
    if (fresh && !(keepNotice && id === "edit-notice")) document.getElementById(id)?.replaceWith(fresh);
  }
  const version = answer.page.querySelector("input[name=version]");
  if (version) for (const field of document.querySelectorAll("input[name=version]")) field.value = version.value;
  const why = left().map((each) => each[1]);
  if (why.includes("unsent")) tell("failed", words().wordFailed);
  else if (why.length || answer.status >= 400) tell("failed", words().wordRefused);
  else if (document.getElementById("draft-state")?.dataset.state === "saving") tell("saved");
  if (answer.status === 200 || answer.status === 422) document.body.dispatchEvent(new Event("draft-saved"));
}

function words() {
  return document.querySelector("[data-line-grid]").dataset;
}

function tell(state, said) {
  const place = document.getElementById("draft-state");
  if (!place) return;
  place.dataset.state = state;
  if (said) place.textContent = said;
}

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
