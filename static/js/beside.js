// The customer's paper and the check beside the entry: open or closed, as each person left it; the paper in sight is
// marked in the list, and is the same after a reload.
const AWAY = "entry-alone";
const PAPER = `paper ${location.pathname}`;
const switcher = document.querySelector("[data-fold-aside]");

if (switcher) {
  switcher.hidden = false;
  put(localStorage.getItem(AWAY) === "yes");
  switcher.addEventListener("click", () => {
    const alone = !document.querySelector(".object").classList.contains("object--alone");
    localStorage.setItem(AWAY, alone ? "yes" : "no");
    put(alone);
  });
  const last = sessionStorage.getItem(PAPER);
  const link = last && document.querySelector(`[data-paper="${CSS.escape(last)}"]`);
  const view = document.getElementById("paper-view");
  if (link && view) view.setAttribute("hx-get", link.getAttribute("hx-get"));
  mark(link ?? document.querySelector("[data-paper]"));
}

// What a file may serve as follows the lines: a product whose category demands a drawing offers it at once.
document.addEventListener("htmx:afterSettle", () => {
  const offered = document.querySelector("[data-attach-kinds]")?.content.children;
  const kinds = document.getElementById("entry-kind");
  if (!kinds || !offered || [...kinds.options].map((each) => each.value).join("\n") === [...offered].map((each) => each.value).join("\n")) return;
  const chosen = kinds.value;
  kinds.replaceChildren(...[...offered].map((each) => each.cloneNode(true)));
  if ([...kinds.options].some((each) => each.value === chosen)) kinds.value = chosen;
  kinds.closest(".field").hidden = !offered.length;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-paper]");
  if (!link) return;
  sessionStorage.setItem(PAPER, link.dataset.paper);
  mark(link);
});

function put(alone) {
  document.querySelector(".object").classList.toggle("object--alone", alone);
  switcher.setAttribute("aria-pressed", String(!alone));
}

function mark(link) {
  for (const each of document.querySelectorAll("[data-paper]")) each.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
}
