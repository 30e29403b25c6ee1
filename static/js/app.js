// One listener per event on the document. Pages work without this file; it decides nothing and computes no money.
import { startPalette, openPalette } from "./palette.js";
import "./line-grid.js";
import "./header-post.js";
import "./go-to.js";
import "./beside.js";

document.addEventListener("click", (event) => {
  const target = event.target;
  closeMenus(target);

  const opener = target.closest("[data-open-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.openDialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = target.closest("[data-close-dialog]");
  if (closer) {
    event.preventDefault();
    closeDialog(closer.closest("dialog"));
    return;
  }
  if (target.matches?.("dialog[open]") && isOutside(target, event)) closeDialog(target);
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.look) form.elements.next.value = location.pathname + location.search;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// The page came back out of the browser's memory: its forms may be sent again (the key keeps the effect single).
window.addEventListener("pageshow", () => {
  arrived = performance.now();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary")?.focus();
    }
    const drawer = document.getElementById("drawer");
    if (drawer) drawer.checked = false;
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("#filter-q, .topbar input[name=q]")?.focus();
    return;
  }
  const chosen = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (chosen && !event.repeat && !event.shiftKey && !tooSoon()) press(chosen, event);
});

// What opens to be written in takes the cursor at once: the next letter is text, not a command.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.matches?.("details[data-writing]")) writingIn(event.target)?.focus();
    if (event.target.open && event.target.matches?.("details.menu--start")) keepOnPage(event.target);
  },
  true,
);

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-check-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.checkAll)}"]`)) {
    box.checked = all.checked;
  }
});

// On an approval: A approves, R refuses; both go through the page's own button or fold. While something is open to
// be written in, no letter decides.
function press(chosen, event) {
  const fold = chosen.closest("summary")?.parentElement;
  if (fold) {
    event.preventDefault();
    fold.open = true;
    writingIn(fold)?.focus();
  } else if (!document.querySelector("details[data-writing][open]")) {
    event.preventDefault();
    chosen.click();
  }
}

// Nobody has read a page within its first second: a key that was meant for the page before decides nothing here.
let arrived = performance.now();

function tooSoon() {
  return performance.now() - arrived < 1000;
}

function writingIn(fold) {
  return fold.querySelector("textarea, select, input:not([type=hidden])");
}

// A panel that would pass the window's edge opens to the other side.
function keepOnPage(menu) {
  menu.classList.remove("menu--end");
  const panel = menu.querySelector(".menu__panel")?.getBoundingClientRect();
  menu.classList.toggle("menu--end", panel?.right > document.documentElement.clientWidth);
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

function closeDialog(dialog) {
  if (!dialog) return;
  if (dialog.open) dialog.close();
  if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
}

function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") != null;
}

// A table that scrolls sideways can be reached and scrolled with the keyboard.
function letScrollersTakeFocus() {
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    if (wrap.scrollWidth > wrap.clientWidth + 1 && getComputedStyle(wrap).overflowX === "auto") wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}

window.addEventListener("resize", letScrollersTakeFocus);
document.addEventListener("htmx:afterSettle", letScrollersTakeFocus);
letScrollersTakeFocus();
startPalette();
document.querySelector("[data-focus]")?.focus();
