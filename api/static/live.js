/** Cards that follow their product while they are shown, and the feed that follows every shop. */

import { get } from "./api.js";
import { applyChange } from "./changes.js";
import { told } from "./format.js";
import { announce } from "./notices.js";
import { flash, patchProduct } from "./products.js";

export class Live {
  /** @param {import("./client.js").RealtimeClient} client @param {import("./feed.js").Feed} feed */
  constructor(client, feed) {
    this._client = client;
    this._feed = feed;
    this.products = new Map(); // id -> product as last known
    this._stops = new Map(); // id -> stop following it
    this._shops = new Set();
  }

  /** Follow a product for as long as its card is shown. */
  card(product, card) {
    this.products.set(product.id, product);
    this._stops.get(product.id)?.();
    this._stops.set(product.id, this._client.subscribe(`product:${product.id}`, (event) => this._told(event, product.id, card)));
  }

  /** Stop following all cards. */
  clear() {
    for (const stop of this._stops.values()) stop();
    this._stops.clear();
  }

  /** Follow shops for the feed. */
  shops(names) {
    for (const name of names.filter((one) => !this._shops.has(one))) {
      this._shops.add(name);
      this._client.subscribe(`retailer:${name}`, (event) => {
        if (event.type === "change") this._feed.add(event.data);
        if (event.type === "snapshot" && !event.recovered) this.catchUp().catch(() => {}); // the next change shows anyway
      });
    }
  }

  /** What changed before the page was opened, or while nobody told. */
  async catchUp() {
    const { results } = await get("/v1/changes?limit=200");
    for (const change of results) this._feed.add(change);
  }

  _told(event, id, card) {
    if (event.type === "snapshot" && event.data) this._put(id, card, { ...this.products.get(id), ...event.data });
    if (event.type !== "change") return;
    this._put(id, card, applyChange(this.products.get(id), event.data));
    this._feed.add(event.data);
    if (event.data.field === "new") return;
    flash(card, event.data);
    const { what, old, new: now } = told(event.data);
    announce(`${this.products.get(id).title}: ${what} from ${old} to ${now}`);
  }

  _put(id, card, product) {
    this.products.set(id, product);
    patchProduct(card, product);
  }
}
