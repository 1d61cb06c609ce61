/** The keyboard: "/" to the search box, arrows from card to card, Escape back. Enter follows the link one is on. */

const MOVES = {
  ArrowLeft: (from, to) => to.x < from.x && near(from.y, to.y, from.height / 2),
  ArrowRight: (from, to) => to.x > from.x && near(from.y, to.y, from.height / 2),
  ArrowUp: (from, to) => to.y < from.y && near(from.x, to.x, from.width / 2),
  ArrowDown: (from, to) => to.y > from.y && near(from.x, to.x, from.width / 2),
};

/** @param {{box: HTMLInputElement, list: HTMLElement, escape: () => boolean}} page `escape` closes what is open */
export function listen({ box, list, escape }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") leave(event, box, escape);
    else if (event.key === "ArrowDown" && event.target === box) go(event, list.querySelector("a.main"));
    else if (typing(event.target)) return;
    else if (event.key === "/") go(event, box);
    else if (MOVES[event.key]) step(event, list);
  });
}

function leave(event, box, escape) {
  if (escape()) event.preventDefault();
  else if (event.target === box && !box.value) box.blur();
}

/** From the card one is on to the nearest in the arrow's direction; from elsewhere the arrows keep scrolling. */
function step(event, list) {
  const here = event.target.closest?.("li[data-id]");
  if (!here || !list.contains(here)) return;
  const from = here.getBoundingClientRect();
  const others = [...list.querySelectorAll("li[data-id]")].filter((card) => MOVES[event.key](from, card.getBoundingClientRect()));
  const nearest = others.sort((a, b) => far(from, a.getBoundingClientRect()) - far(from, b.getBoundingClientRect()))[0];
  go(event, nearest?.querySelector("a.main"));
}

function go(event, element) {
  event.preventDefault();
  element?.focus();
  element?.select?.();
}

const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const near = (a, b, within) => Math.abs(a - b) < within;
const typing = (element) => ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName);
