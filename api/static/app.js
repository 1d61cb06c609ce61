/** The page at `/`: puts its parts together. What it shows is what its address says. */

import { Browse } from "./browse.js";
import { RealtimeClient } from "./client.js";
import { $, say } from "./dom.js";
import { Feed } from "./feed.js";
import { Filters } from "./filters.js";
import { Refused, get, key } from "./api.js";
import { listen } from "./keys.js";
import { Live } from "./live.js";
import { note } from "./notices.js";
import { Personal } from "./personal.js";
import { refreshAges } from "./products.js";
import { VIEWS, read, write } from "./url.js";

const LINK = {
  open: "Live",
  connecting: "Connecting…",
  waiting: "Offline, trying again",
  refused: "A key is needed",
  closed: "Offline",
};
const AGES_MS = 15_000;

const client = new RealtimeClient({ key: key.get() });
const live = new Live(client, new Feed($("news"), async (id) => live.products.get(id) ?? lookUp(id)));
const personal = new Personal();
const browse = new Browse(live, personal);
const filters = new Filters($("filters"), (values) => visit({ ...state, ...values }));
const lookedUp = new Map();
let state = read(location.search);

/** Live knows what is shown; other products are asked for once. */
async function lookUp(id) {
  if (!lookedUp.has(id)) lookedUp.set(id, get(`/v1/products/${encodeURIComponent(id)}`));
  return lookedUp.get(id);
}

/** Go to a state: a new address that the back button leaves again. */
function visit(next) {
  const address = write(next);
  if (address !== write(state)) history.pushState(null, "", address);
  show(read(new URL(address, location).search));
}

function show(next) {
  state = next;
  $("q").value = state.q ?? "";
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    const { view } = link.dataset;
    link.href = write({ view, ...(view !== "saved" && { q: state.q }) });
    if (view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = [state.q, "homefeed"].filter(Boolean).join(" · ");
  filters.show(state);
  scrollTo(0, 0);
  browse.show(state);
}

/** Links within the page change what is shown without loading it anew. */
function clicked(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.origin !== location.origin || link.pathname !== "/" || link.hash) return;
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  visit(read(link.search));
}

function sheet(open) {
  document.body.classList.toggle("sheet", open);
  $("news-toggle").setAttribute("aria-expanded", String(open));
}

function escape() {
  const open = document.body.classList.contains("sheet");
  if (open) sheet(false), $("news-toggle").focus();
  return open;
}

/** What surrounds the list; each part may fail alone, and the page goes on without. */
async function start() {
  const parts = [
    get("/v1/sources").then(({ results }) => {
      filters.learn(results);
      browse.learn(results);
      live.shops(results.filter((source) => source.kind === "products").map((source) => source.name));
    }),
    live.catchUp(),
    personal.load(),
  ];
  const failed = (await Promise.allSettled(parts)).filter((part) => part.status === "rejected").map((part) => part.reason);
  if (failed.some((error) => error instanceof Refused && error.status === 401)) return askKey();
  if (failed.length) note(`Some of the page is missing: ${failed[0].message}`);
}

function askKey() {
  $("key").showModal();
}

$("key-form").onsubmit = () => {
  key.set($("key-value").value.trim());
  location.reload();
};
$("search").onsubmit = (event) => {
  event.preventDefault();
  visit({ view: VIEWS.includes(state.view) && state.view !== "saved" ? state.view : "products", q: $("q").value.trim() });
};
$("news-toggle").onclick = () => sheet(!document.body.classList.contains("sheet"));
$("news-close").onclick = () => escape();
document.addEventListener("click", clicked);
addEventListener("popstate", () => show(read(location.search)));
client.open();
listen({ box: $("q"), list: $("results"), escape });
client.onState((now) => {
  $("link").dataset.state = now;
  say($("link-words"), LINK[now]);
});
setInterval(refreshAges, AGES_MS);
show(state);
start();
