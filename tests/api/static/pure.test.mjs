import assert from "node:assert/strict";
import { test } from "node:test";

import { applyChange } from "../../../api/static/changes.js";
import { canonical, masonry } from "../../../api/static/designs.js";
import { age, discount, licence, money, named, told } from "../../../api/static/format.js";
import { ofDesign, ofProduct } from "../../../api/static/pictures.js";
import { list, matches, read, write } from "../../../api/static/url.js";

test("money is told in its currency; what was not seen is not told", () => {
  assert.equal(money("129990.00", "INR"), "₹1,29,990");
  assert.equal(money("49.90", "EUR", "en-GB"), "€49.90");
  assert.equal(money("4990", "JPY", "en-US"), "¥4,990");
  assert.equal(money("1.234", "KWD", "en-US").replace(/\s/, " "), "KWD 1.234");
  assert.equal(money("12.00", null), "12.00");
  assert.equal(money(null, "INR"), null);
});

test("a discount needs a list price above the price", () => {
  assert.equal(discount("75.00", "100.00"), 25);
  assert.equal(discount("100.00", "100.00"), null);
  assert.equal(discount(null, "100.00"), null);
  assert.equal(discount("75.00", null), null);
});

test("ages grow from now to days", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const ago = (seconds) => age(new Date(now - seconds * 1_000).toISOString(), now);
  assert.deepEqual([-5, 59, 60, 3_599, 3_600, 86_400, 3 * 86_400].map(ago), ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "1 day ago", "3 days ago"]);
});

test("licences are written as people know them", () => {
  const codes = ["cc0-1.0", "cc-by-4.0", "cc-by-nc-sa-2.0", "cc-by", "pdm-1.0", "unsplash", "house"];
  assert.deepEqual(codes.map((code) => licence({ code })), ["CC0", "CC BY 4.0", "CC BY-NC-SA 2.0", "CC BY", "Public domain", "Unsplash", "house"]);
  assert.equal(named("urban_ladder"), "Urban ladder");
});

test("a change in words says whether it is good news", () => {
  const price = { field: "price", old: "10.00", new: "9.00", currency: "EUR" };
  assert.equal(told(price).mood, "good");
  assert.equal(told({ ...price, new: "11.00" }).mood, "bad");
  assert.deepEqual(told({ field: "availability", old: "in_stock", new: "out_of_stock" }), { what: "stock", old: "In stock", new: "Sold out", mood: "bad" });
});

const OFFER = { variant: null, seller: null, location: null, location_asked: null };
const product = {
  price: "10.00", list_price: null, currency: "EUR", availability: "in_stock",
  offers: [{ ...OFFER, price: "10.00" }, { ...OFFER, variant: "red", price: "12.00" }],
}; // prettier-ignore
const change = { field: "price", old: "10.00", new: "9.00", currency: "EUR", variant: null, location: null, observed_at: "2026-11-21T12:00:00Z" };

test("a change of the default offer is the product's change", () => {
  const after = applyChange(product, change);
  assert.deepEqual([after.price, after.offers[0].price, after.offers[1].price, after.last_seen], ["9.00", "9.00", "12.00", change.observed_at]);
  assert.equal(product.price, "10.00");
});

test("a change of another variant or place leaves the price that is shown", () => {
  const red = applyChange(product, { ...change, variant: "red", new: "8.00" });
  assert.deepEqual([red.price, red.offers[1].price], ["10.00", "8.00"]);
  assert.equal(applyChange(product, { ...change, location: "560001" }).price, "10.00");
  const guessed = { ...product, offers: [{ ...OFFER, location: "Delhi", price: "10.00" }] };
  assert.equal(applyChange(guessed, change).price, "9.00");
});

test("a vanished list price is gone, and stock that was not told is unknown", () => {
  assert.equal(applyChange({ ...product, list_price: "20.00" }, { ...change, field: "list_price", new: null }).list_price, null);
  assert.equal(applyChange(product, { ...change, field: "availability", new: null }).availability, "unknown");
  assert.equal(applyChange(product, { ...change, field: "new" }), product);
});

test("sizes of one picture make a srcset, other pictures do not", () => {
  const found = ofProduct(["http://s/img/A1000-1200.jpg", "http://s/img/A1000-600.jpg", "http://s/img/back-600.jpg"]);
  assert.equal(found.src, "http://s/img/A1000-600.jpg");
  assert.equal(found.srcset, "http://s/img/A1000-600.jpg 600w, http://s/img/A1000-1200.jpg 1200w");
  assert.deepEqual(ofProduct(["http://s/one.jpg", "http://s/two.jpg"]), { src: "http://s/one.jpg", srcset: null });
  assert.deepEqual(ofProduct([]), { src: null, srcset: null });
});

test("addresses with commas and spaces stay one entry", () => {
  const { srcset } = ofDesign({ renditions: [{ url: "http://s/a,b c.jpg", width: 800 }, { url: "http://s/s.jpg", width: 400 }] });
  assert.equal(srcset, "http://s/s.jpg 400w, http://s/a%2Cb%20c.jpg 800w");
});

test("a design without known sizes shows its thumbnail", () => {
  assert.deepEqual(ofDesign({ renditions: [{ url: "http://s/big.jpg", width: null }], thumbnail: "http://s/t.jpg" }), { src: "http://s/t.jpg", srcset: null });
});

test("the grid fills its shortest column and never moves what was there", () => {
  const few = masonry([1, 2, 0.5, 1], 800, { between: 18, credit: 50 });
  const more = masonry([1, 2, 0.5, 1, 1.5, 0.7], 800, { between: 18, credit: 50 });
  assert.equal(few.columns, 3);
  assert.deepEqual(few.places.map(({ column }) => column), [1, 2, 3, 3]);
  assert.deepEqual(more.places.slice(0, 4), few.places);
  for (const column of [1, 2, 3]) {
    const own = more.places.filter((place) => place.column === column);
    own.slice(1).forEach((place, n) => assert.equal(place.row, own[n].row + own[n].span));
  }
  assert.equal(masonry([1], 320, { between: 12 }).columns, 2);
});

test("a duplicate is left to the picture that stands for it", () => {
  assert.deepEqual([{ id: "a", group: null }, { id: "a", group: "a" }, { id: "b", group: "a" }].map(canonical), [true, true, false]);
});

test("an address and its state say the same", () => {
  const state = { view: "products", q: "oak table", in_stock: "true", sort: "-price" };
  assert.equal(write(state), "/?q=oak+table&in_stock=true&sort=-price");
  assert.deepEqual(read(write(state).slice(1)), state);
  assert.deepEqual(read("?view=nonsense&q=%20&evil=1"), { view: "products" });
  assert.equal(write({ view: "products", q: "" }), "/");
  assert.equal(write({ view: "designs", q: "loft", retailer: "alder" }), "/?q=loft&view=designs");
  assert.equal(list({ view: "designs", q: "loft" }), "/v1/designs?q=loft&per_page=24");
});

test("what arrives is held to the filters", () => {
  const sofa = { retailer: "alder", price: "100.00", availability: "in_stock" };
  assert.equal(matches({}, sofa), true);
  assert.equal(matches({ retailer: "birch" }, sofa), false);
  assert.equal(matches({ in_stock: "true" }, { ...sofa, availability: "unknown" }), false);
  assert.equal(matches({ min_price: "100", max_price: "100" }, sofa), true);
  assert.equal(matches({ max_price: "99" }, sofa), false);
  assert.equal(matches({ min_price: "1" }, { ...sofa, price: null }), false);
});
