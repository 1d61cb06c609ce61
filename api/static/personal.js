/** Likes, saves and watches: shown at once, sent, and taken back with a word when the server refuses. */

import { call, get } from "./api.js";
import { h, icon } from "./dom.js";
import { note } from "./notices.js";
import { Optimistic } from "./optimistic.js";

const KINDS = {
  likes: { icon: "heart", on: "Liked", off: "Like" },
  saves: { icon: "save", on: "Saved", off: "Save" },
  watches: { icon: "bell", on: "Watched", off: "Watch" },
};

export class Personal {
  constructor() {
    this._values = new Map(); // "likes alder:ASO1" -> { value: Optimistic, buttons: Set }
    this._watches = new Map(); // product id -> watch id
  }

  /** What this client had before. */
  async load() {
    const [likes, saves, watches] = await Promise.all([...["likes", "saves"].map(collection), everything("/v1/watches")]);
    for (const watch of watches) this._watches.set(watch.product_id, watch.id);
    for (const { id } of likes) this._value("likes", id).value.learn(true);
    for (const { id } of saves) this._value("saves", id).value.learn(true);
    for (const id of this._watches.keys()) this._value("watches", id).value.learn(true);
  }

  /** Buttons for one thing; all buttons of a thing show the same. */
  buttons(id, title, kinds) {
    return kinds.map((kind) => {
      const known = this._value(kind, id);
      const button = h("button", { type: "button", "data-kind": kind, onclick: () => known.value.want(!known.value.wanted) });
      button.label = title;
      known.buttons.add(button);
      show(button, kind, known.value.wanted, false);
      return button;
    });
  }

  /** Forget the buttons of cards that are gone. */
  sweep() {
    for (const { buttons } of this._values.values()) {
      for (const button of buttons) if (!button.isConnected) buttons.delete(button);
    }
  }

  _value(kind, id) {
    const name = `${kind} ${id}`;
    if (!this._values.has(name)) this._values.set(name, this._make(kind, id));
    return this._values.get(name);
  }

  _make(kind, id) {
    const buttons = new Set();
    const value = new Optimistic(false, {
      send: (wish) => (kind === "watches" ? this._watch(id, wish) : keep(kind, id, wish)),
      show: (on, pending) => buttons.forEach((button) => show(button, kind, on, pending)),
      refused: (error, wish) => note(`${wish ? KINDS[kind].on : `No longer ${KINDS[kind].on.toLowerCase()}`}? That did not work: ${error.message}`),
    });
    return { value, buttons };
  }

  async _watch(id, wish) {
    if (wish) this._watches.set(id, (await call("POST", "/v1/watches", { body: { product_id: id } })).id);
    else await call("DELETE", `/v1/watches/${encodeURIComponent(this._watches.get(id))}`);
  }
}

function keep(kind, id, wish) {
  return call(wish ? "PUT" : "DELETE", `/v1/collections/${kind}/items/${encodeURIComponent(id)}`);
}

/** What one has put aside, newest first. */
export const collection = (name) => everything(`/v1/collections/${name}/items`);

async function everything(path) {
  const found = [];
  for (let next = `${path}?per_page=100`; next; ) {
    const { results, next: further } = await get(next);
    found.push(...results);
    next = further;
  }
  return found;
}

function show(button, kind, on, pending) {
  const words = KINDS[kind][on ? "on" : "off"];
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", `${KINDS[kind].off}: ${button.label}`);
  button.title = words;
  button.classList.toggle("pending", pending);
  if (!button.firstChild) button.append(icon(KINDS[kind].icon));
}
