// Posts the header's fields that were typed in, each with what it showed before: what another window saved
// meanwhile is not put back. Contract: docs/interface.md, "Header".
import { inTurn, isUnsent, parting, refused, register, saved, send, startBody, takeFrame, unsent } from "./draft-post.js";

const PAUSE = 1000; // milliseconds without a key until what is typed is kept
const CONTROL = ":is(input, select, textarea)[name]";
const header = document.querySelector("[data-header-url]");
const known = new Map(); // field → what is saved of it
const typed = new Set(); // fields typed in since they were last saved
const held = new Set(); // fields that somebody else saved meanwhile: not sent until they are typed in again
let pause;

if (header) {
  for (const field of header.querySelectorAll(CONTROL)) known.set(field.name, savedOf(field));
  header.addEventListener("input", (event) => touched(event.target) && later());
  // A date changes with every figure that is typed of its year: it is posted when it is left.
  header.addEventListener("change", (event) => touched(event.target) && (event.target.type === "date" ? later() : flush()));
  header.addEventListener("focusout", (event) => event.target.type === "date" && flush());
  if (header.querySelector("[aria-invalid=true]")) refused("header");
  register({ again: (what) => what === "header" && flush(), flush, farewell, stamp });
}

function later() {
  clearTimeout(pause);
  pause = setTimeout(flush, PAUSE);
}

function touched(field) {
  if (!known.has(field.name)) return false;
  typed.add(field.name);
  held.delete(field.name);
  return true;
}

function flush() {
  clearTimeout(pause);
  if (changes().size || isUnsent("header")) inTurn(postHeader);
}

function changes() {
  const found = new Map();
  for (const name of typed) {
    const field = control(header, name);
    if (field.value !== known.get(name) || field.matches("[aria-invalid=true]")) found.set(name, field.value);
  }
  return found;
}

function bodyOf(values) {
  const body = startBody(header.closest("form"));
  for (const [name, value] of values) {
    body.set(name, value);
    body.set(`was-${name}`, known.get(name));
  }
  return body;
}

async function postHeader() {
  const values = changes();
  if (!values.size) return saved("header");
  const answer = await send(header.dataset.headerUrl, bodyOf(values));
  if (!answer) return unsent("header");
  const there = answer.page.querySelector("[data-header-url]");
  const overtaken = new Map([...answer.page.querySelectorAll("[data-overtaken]")].map((each) => [each.dataset.overtaken, each.value]));
  for (const [name, now] of overtaken) {
    known.set(name, now);
    typed.delete(name);
    held.add(name);
  }
  if (there && answer.status !== 409) for (const name of known.keys()) take(control(header, name), control(there, name), values);
  if (answer.status === 409 && !overtaken.size) for (const name of values.keys()) typed.delete(name) && held.add(name);
  if (held.size || header.querySelector("[aria-invalid=true]")) refused("header");
  else saved("header");
  takeFrame(answer, held.size > 0 && !overtaken.size);
  if (overtaken.size) flush(); // what nobody else touched is saved all the same
}

// The whole form says of each field what it was typed over, as a posted one does.
function stamp(body) {
  for (const [name, was] of known) body.set(`was-${name}`, was);
}

function farewell() {
  const values = changes();
  if (values.size) parting(header.dataset.headerUrl, bodyOf(values));
}

// A field as it was saved, with what is wrong with it; what is being typed in it is left alone.
function take(field, fresh, values) {
  if (!field || !fresh || held.has(field.name)) return;
  const name = field.name;
  if (typed.has(name) && field.value !== values.get(name)) return void (values.has(name) && known.set(name, savedOf(fresh)));
  const wrong = fresh.matches("[aria-invalid=true]");
  if (!wrong) typed.delete(name); // what cannot be read is sent again with the next field: its error stays
  if (!wrong && field.value !== fresh.value && field !== document.activeElement) field.value = fresh.value;
  known.set(name, savedOf(fresh));
  for (const each of ["aria-invalid", "aria-describedby"]) {
    if (fresh.hasAttribute(each)) field.setAttribute(each, fresh.getAttribute(each));
    else field.removeAttribute(each);
  }
  const place = field.closest(".field");
  place.querySelector("[id$=_error]")?.remove();
  const message = fresh.closest(".field").querySelector("[id$=_error]");
  if (message) place.append(message);
}

function control(place, name) {
  return place.querySelector(`${CONTROL}[name="${CSS.escape(name)}"]`);
}

function savedOf(field) {
  if (field.dataset.saved !== undefined) return field.dataset.saved;
  if (!field.matches("select")) return field.defaultValue;
  return ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value ?? "";
}
