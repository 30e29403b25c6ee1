// The command palette: pages of the sidebar at once, everything else from the server through GET /search/.

let dialog;
let input;
let pages;

export function startPalette() {
  dialog = document.getElementById("palette");
  if (!dialog) return;
  input = dialog.querySelector("input[name=q]");
  pages = dialog.querySelector("#palette-pages");
  input.addEventListener("input", showPages);
  dialog.addEventListener("keydown", move);
}

export function openPalette() {
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  input.select();
  showPages();
}

function showPages() {
  const words = input.value.trim().toLowerCase();
  const found = [...document.querySelectorAll(".sidebar .nav-item")].filter((link) =>
    label(link).toLowerCase().includes(words),
  );
  pages.replaceChildren(...found.slice(0, 8).map(entry));
}

function label(link) {
  return link.querySelector(".nav-item__label").textContent.trim();
}

function entry(link) {
  const shown = document.createElement("a");
  shown.className = "menu__item";
  shown.href = link.href;
  shown.append(link.querySelector(".icon").cloneNode(true), label(link));
  return shown;
}

function move(event) {
  if (event.key === "Escape") {
    event.preventDefault(); // a search field would only empty itself
    dialog.close();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...dialog.querySelectorAll(".palette__results a")];
  if (!links.length) return;
  event.preventDefault();
  const now = links.indexOf(document.activeElement);
  const next = now + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) input.focus();
  else links[Math.min(next, links.length - 1)].focus();
}
