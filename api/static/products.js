/** A product's card: made once, then patched in place, so that nothing moves. */

import { away, h, icon, say } from "./dom.js";
import { STOCK, age, discount, money, named, told } from "./format.js";
import { ofProduct } from "./pictures.js";

const SIZES = "(max-width: 520px) 46vw, (max-width: 900px) 30vw, 240px";
const SHOWN_S = 12; // how long a change stays on the picture

/** @param {object} product @param {HTMLElement[]} actions buttons */
export function productCard(product, actions) {
  const card = h("li.card", { "data-id": product.id });
  card.append(
    h("div.picture", {}, picture(product), h("p.changed", { hidden: true })),
    h("div.body", {},
      h("p.shop", {}, named(product.retailer), verified(product)),
      h("h2", {}, away("a.main", product.url, product.title ?? product.sku)),
      h("p.cost", {}, h("span.price"), " ", h("s.list"), " ", h("span.off")),
      h("p.meta", {}, h("span.stock"), " ", h("time.age"))),
    h("div.acts", {}, ...actions),
  ); // prettier-ignore
  patchProduct(card, product);
  return card;
}

/** Write the product's present price, stock and age into its card. */
export function patchProduct(card, product) {
  const part = (name) => card.querySelector(name);
  const off = discount(product.price, product.list_price);
  say(part(".price"), money(product.price, product.currency) ?? "Price not told");
  say(part(".list"), off ? money(product.list_price, product.currency) : "");
  say(part(".off"), off ? `−${off}%` : "");
  say(part(".stock"), STOCK[product.availability] ?? STOCK.unknown);
  part(".stock").dataset.stock = product.availability;
  card.classList.toggle("gone", ["out_of_stock", "discontinued"].includes(product.availability));
  stamp(part(".age"), product.last_seen ?? product.evidence?.fetched_at);
}

/** Show on the card what has just changed. */
export function flash(card, change) {
  const { what, old, new: now, mood } = told(change);
  const note = card.querySelector(".changed");
  note.className = `changed ${mood}`;
  note.replaceChildren(icon(mood === "good" ? "down" : "up"), ` ${what === "list price" ? "list " : ""}${old} → ${now}`);
  if (what === "stock") note.firstChild.remove();
  note.hidden = false;
  clearTimeout(card.fading);
  card.fading = setTimeout(() => (note.hidden = true), SHOWN_S * 1_000);
}

/** A time element that `refreshAges` keeps true. */
export function stamp(element, iso) {
  if (!iso) return;
  element.dateTime = iso;
  element.title = `Read ${new Date(iso).toLocaleString()}`;
  say(element, age(iso));
}

export function refreshAges() {
  for (const element of document.querySelectorAll("time[datetime]")) say(element, age(element.dateTime));
}

function picture(product) {
  const { src, srcset } = ofProduct(product.images ?? []);
  if (!src) return h("span.none", {}, "No picture");
  const image = h("img", { src, srcset, sizes: SIZES, width: 400, height: 400, alt: "", loading: "lazy", decoding: "async" });
  image.onerror = () => image.replaceWith(h("span.none", {}, "Picture not reachable"));
  return image;
}

function verified({ verified: seen }) {
  if (!seen?.price || seen.url === false) return null;
  const parts = ["price", "url", "image"].filter((part) => seen[part]).map((part) => (part === "url" ? "address" : part));
  const words = `Verified: ${parts.join(", ")} checked`;
  return h("span.verified", { title: words }, icon("check"), h("span.sr", {}, words));
}
