/** One endless list: pages come as one nears the end, each thing is shown once, and nothing shown ever moves. */

import { Refused, get } from "./api.js";
import { h } from "./dom.js";

const placeholder = () => h("li.placeholder", { "aria-hidden": "true" });

export class Listing {
  /**
   * @param {HTMLElement} place a list
   * @param {{card: (thing: object) => HTMLElement, added: () => void,
   *   failed: (error: Error) => void}} options
   */
  constructor(place, { card, added, failed }) {
    this.place = place;
    this.cards = new Map(); // id -> card
    this.next = null;
    this.total = 0;
    this._card = card;
    this._added = added;
    this._failed = failed;
    this._abort = new AbortController();
  }

  /** Everything is asked anew. Resolves to the answer, or null when it failed or was overtaken. */
  async load(path) {
    this.clear();
    const { signal } = this._abort;
    const answer = await this._get(path, signal);
    if (!answer) return null;
    this._take(answer);
    return answer;
  }

  /** The next page, unless it is already on its way. */
  async more() {
    if (!this.next || this._loading) return;
    this._loading = true;
    const answer = await this._get(this.next, this._abort.signal);
    this._loading = false;
    if (answer) this._take(answer);
  }

  /** Put things at the end. Returns how many were not there before. */
  append(things) {
    const fresh = things.filter((thing) => !this.cards.has(thing.id));
    const cards = fresh.map((thing) => {
      const card = this._card(thing);
      this.cards.set(thing.id, card);
      return card;
    });
    if (!cards.length) return 0;
    const room = [...this.place.querySelectorAll(".placeholder")];
    if (room.length) room[0].before(...cards);
    else this.place.append(...cards);
    for (const one of room.slice(0, cards.length)) one.remove(); // each takes the place that was kept for it
    this._added();
    return cards.length;
  }

  /** Keep the room of so many cards while nothing is known. */
  hold(count) {
    if (count) this.place.replaceChildren(...Array.from({ length: count }, placeholder));
    else for (const one of this.place.querySelectorAll(".placeholder")) one.remove();
  }

  clear() {
    this._abort.abort();
    this._abort = new AbortController();
    this._loading = false;
    this.next = null;
    this.total = 0;
    this.cards.clear();
  }

  _take(answer) {
    this.next = answer.next;
    this.total = Math.max(answer.total ?? 0, this.cards.size);
    this.append(answer.results);
  }

  async _get(path, signal) {
    try {
      const answer = await get(path, signal);
      return signal.aborted ? null : answer;
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof Refused)) throw error;
      this._failed(error);
      return null;
    }
  }
}
