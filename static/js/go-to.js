// A link to a field of this page puts the cursor into it: #id_ship_to, #beside, or #at-17-due, the cell of the line
// that has this key, wherever it stands in the grid by now.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href*='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== location.pathname) return;
  const place = placeOf(link.hash);
  if (!place || link.dataset.openDialog) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  goTo(place);
});

function placeOf(hash) {
  const id = decodeURIComponent(hash.slice(1));
  const cell = /^at-(\d+)-(\w+)$/.exec(id);
  if (!cell) return id ? document.getElementById(id) : null;
  const key = [...document.querySelectorAll("[data-line] input[type=hidden][name$='-id']")].find((each) => each.value === cell[1]);
  return key && document.querySelector(`[name="${key.name.replace(/id$/, cell[2])}"]`);
}

function goTo(place) {
  place.closest(".line-more")?.classList.add("line-more--open");
  const field = place.matches("input, select, textarea, a[href], button") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
  (field ?? place).scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}

if (location.hash && !document.querySelector("dialog:target")) {
  const place = placeOf(location.hash);
  if (place?.matches(":is([data-line-grid], [data-header-url]) :is(input, select, textarea)")) goTo(place);
}
