/** The small list of what changed lately, newest first, whatever is shown beside it. */

import { away, h } from "./dom.js";
import { named, told } from "./format.js";
import { stamp } from "./products.js";

const MOST = 30;

export class Feed {
  /**
   * @param {HTMLElement} place a list
   * @param {(id: string) => Promise<object>} lookUp a product by its id
   */
  constructor(place, lookUp) {
    this.place = place;
    this._lookUp = lookUp;
    this._known = new Set();
  }

  /** Show a change once, whichever way it came; first sights are no news. */
  add(change) {
    if (change.field === "new" || this._known.has(change.id)) return;
    this._known.add(change.id);
    this.place.prepend(this._entry(change));
    while (this.place.children.length > MOST) this.place.lastChild.remove();
  }

  _entry(change) {
    const { what, old, new: now, mood } = told(change);
    const name = h("p.thing", {}, change.product_id);
    const values = h("p.values", {}, h("span.sr", {}, `${what}: `), h("s", {}, old), " ", h(mood ? `b.${mood}` : "b", {}, now));
    const time = h("time");
    stamp(time, change.observed_at);
    this._lookUp(change.product_id).then(
      (product) => name.replaceChildren(away("a", product.url, product.title ?? change.product_id)),
      () => {}, // its id is name enough
    );
    const shop = named(change.product_id.split(":")[0]);
    return h("li.news", {}, name, values, h("p.by", {}, `${shop} · `, time));
  }
}
