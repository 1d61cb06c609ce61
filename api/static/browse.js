/** What the middle of the page shows: the list of the present address, its search while one runs, and how that stands. */

import { $, h, say } from "./dom.js";
import { arrange, canonical, designCard } from "./designs.js";
import { Listing } from "./listing.js";
import { collection } from "./personal.js";
import { productCard } from "./products.js";
import { follow } from "./searching.js";
import { Sources } from "./sources.js";
import { list, matches } from "./url.js";

const PLACEHOLDERS = 12;
const WORDS = {
  products: { thing: "product", asked: "shop" },
  designs: { thing: "picture", asked: "source" },
  saved: { thing: "thing" },
};
const HINTS = ["sofa", "floor lamp", "dining chair", "coffee table"];

export class Browse {
  /** @param {import("./live.js").Live} live @param {import("./personal.js").Personal} personal */
  constructor(live, personal) {
    this._live = live;
    this._personal = personal;
    this._sources = new Sources($("sources"));
    this._arrived = new Map(); // found since, and not yet shown
    this._listing = new Listing($("results"), {
      card: (thing) => this._card(thing),
      added: () => this._arrange(),
      failed: (error) => this._failed(error),
    });
    $("older").onclick = () => this._neared(true);
    $("arrived").onclick = () => this.show(this._state);
    new IntersectionObserver(([seen]) => this._neared(seen.isIntersecting), { rootMargin: "900px" }).observe($("older"));
    new ResizeObserver(() => this._arrange()).observe($("results"));
  }

  /** How the sources do, as /v1/sources tells it. */
  learn(sources) {
    this._sources.learn(sources);
  }

  /** Show the list of a state, from its top. */
  async show(state) {
    this._reset(state);
    if (state.view === "saved") return this._saved();
    const answer = await this._listing.load(list(state));
    if (!answer) return;
    this._loading = false;
    for (const source of answer.sources) if (source.name !== "*") this._sources.tell(source);
    if (answer.search_id) this._follow(answer.search_id);
    this._tell();
  }

  _reset(state) {
    this._state = state;
    this._searching = null;
    this._stop?.();
    this._live.clear();
    this._sources.clear();
    this._arrived.clear();
    this._problem = null;
    this._listing.clear();
    $("results").className = state.view;
    $("sources").hidden = !state.q;
    $("results").style.gridTemplateColumns = "";
    this._loading = true;
    this._listing.hold(PLACEHOLDERS);
    $("results").setAttribute("aria-busy", "true");
    this._empty([]);
    this._personal.sweep();
    say($("title"), heading(state));
    this._tell();
  }

  _card(thing) {
    const title = thing.title ?? thing.id;
    if (thing.renditions) return designCard(thing, this._personal.buttons(thing.id, title, ["likes", "saves"]));
    const card = productCard(thing, this._personal.buttons(thing.id, title, ["likes", "saves", "watches"]));
    this._live.card(thing, card);
    return card;
  }

  _arrange() {
    if (this._state?.view === "designs" && this._listing.cards.size) arrange($("results"));
  }

  _follow(id) {
    this._searching = id;
    const current = (tell) => (...told) => this._searching === id && (tell(...told), this._tell());
    this._stop = follow(id, {
      progress: current((source) => this._sources.tell(source)),
      items: current((items) => this._found(items)),
      done: current((state, reason) => this._done(state, reason)),
    });
  }

  /** Found while one looks: put at the end where that keeps the order, else counted on a button. */
  _found(items) {
    if (this._listing.next?.includes("cursor=")) return this._neared(this._near); // its next page holds them
    const fit = items.filter((item) => (item.renditions ? canonical(item) : matches(this._state, item)));
    if (!this._listing.next && !this._state.sort) this._listing.total += this._listing.append(fit);
    else for (const item of fit) if (!this._listing.cards.has(item.id)) this._arrived.set(item.id, item);
  }

  /** Is the end of the list in reach? */
  _neared(near) {
    this._near = near;
    if (near) this._listing.more().then(() => this._tell());
  }

  _done(state, reason) {
    this._searching = null;
    this._neared(this._near);
    if (state !== "done") this._problem = reason || "The search ended early.";
    if (!this._listing.cards.size && this._arrived.size) this.show(this._state);
  }

  _failed(error) {
    this._loading = false;
    this._problem = error.message;
    this._tell();
  }

  async _saved() {
    const state = this._state;
    const kept = await collection("saves").catch((error) => error);
    if (state !== this._state) return;
    if (kept instanceof Error) return this._failed(kept);
    this._loading = false;
    this._listing.append(kept.map(({ item }) => item).filter(Boolean)); // what has vanished is left out
    this._listing.total = this._listing.cards.size;
    this._tell();
  }

  /** The words and buttons around the list. */
  _tell() {
    const { total, next, cards } = this._listing;
    const busy = this._loading || (this._searching && !cards.size);
    if (!busy) $("results").removeAttribute("aria-busy");
    if (!this._loading && !this._searching) this._listing.hold(0);
    $("older").hidden = !next;
    $("arrived").hidden = !this._arrived.size;
    say($("arrived"), `${this._arrived.size} more found — show`);
    say($("summary"), this._loading ? "Looking…" : this._summary(total));
    this._empty(busy || cards.size ? [] : this._nothing());
  }

  _summary(total) {
    const { thing, asked } = WORDS[this._state.view];
    const found = total ? counted(total, thing) : "";
    const going = this._searching ? `still asking ${counted(this._sources.going, asked)}` : "";
    return [found, going, found && this._problem].filter(Boolean).join(" · ");
  }

  /** Why there is nothing, and what one can do. */
  _nothing() {
    if (this._problem) return [h("p", {}, this._problem), h("button", { type: "button", onclick: () => this.show(this._state) }, "Try again")];
    if (this._state.view === "saved") return [h("p", {}, "Nothing saved yet. The bookmark on a card puts it here.")];
    const why = this._state.q ? "Nothing fits. Try fewer words or filters." : "What do you look for?";
    const hints = HINTS.map((q) => h("a", { href: `/?${new URLSearchParams({ q, ...(this._state.view === "designs" && { view: "designs" }) })}` }, q));
    return [h("p", {}, why), ...this._sources.failed.map((words) => h("p.why", {}, `${words}.`)), h("p.hints", {}, ...hints)];
  }

  _empty(content) {
    $("empty").hidden = !content.length;
    $("empty").replaceChildren(...content);
  }
}

const counted = (count, thing) => `${count ? `${count.toLocaleString()} ` : ""}${thing}${count === 1 ? "" : "s"}`;

function heading({ view, q }) {
  if (view === "saved") return "Saved";
  if (q) return q.charAt(0).toUpperCase() + q.slice(1);
  return view === "designs" ? "All designs" : "All products";
}
