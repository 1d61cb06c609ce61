/** How things are said: money, ages, licences. Pure. */

const formats = new Map();
const LICENCES = { cc0: "CC0", pdm: "Public domain", pexels: "Pexels", unsplash: "Unsplash", pixabay: "Pixabay" };
const STEPS = [
  [3_600, 60, "min"],
  [86_400, 3_600, "h"],
  [2 * 86_400, 86_400, "day"],
  [Infinity, 86_400, "days"],
];

/** "34990.00", "INR" -> "₹34,990"; null when the amount was not seen. */
export function money(amount, currency, locale) {
  if (amount === null || amount === undefined) return null;
  if (!currency) return String(amount);
  const key = `${currency} ${locale}`;
  if (!formats.has(key)) formats.set(key, moneyFormat(currency, locale));
  return formats.get(key).format(amount);
}

function moneyFormat(currency, locale = currency === "INR" ? "en-IN" : undefined) {
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  const whole = new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(locale, options);
  return { format: (amount) => (Number.isInteger(Number(amount)) ? whole : exact).format(amount) };
}

/** Whole percent below the list price; null where there is nothing to say. */
export function discount(price, listPrice) {
  const percent = Math.round(100 - (100 * Number(price)) / Number(listPrice));
  return price && listPrice && percent > 0 ? percent : null;
}

/** "just now", "3 min ago", "2 days ago" */
export function age(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1_000);
  if (seconds < 60) return "just now";
  const [, size, unit] = STEPS.find(([below]) => seconds < below);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** "cc-by-sa-4.0" -> "CC BY-SA 4.0" */
export function licence({ code }) {
  const [kind, ...rest] = code.split("-");
  if (LICENCES[kind]) return LICENCES[kind];
  if (kind !== "cc") return code;
  const version = /^\d/.test(rest.at(-1) ?? "") ? ` ${rest.pop()}` : "";
  return `CC ${rest.join("-").toUpperCase()}${version}`;
}

/** "amazon_in" -> "Amazon in" */
export function named(source) {
  const words = source.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const STOCK = {
  in_stock: "In stock",
  out_of_stock: "Sold out",
  preorder: "Pre-order",
  backorder: "On back-order",
  discontinued: "Discontinued",
  unknown: "Stock not told",
};

/** One change in words: { what, old, new, mood } with mood "good", "bad" or "". */
export function told(change) {
  if (change.field === "availability") {
    const mood = change.new === "in_stock" ? "good" : change.new === "out_of_stock" ? "bad" : "";
    return { what: "stock", old: STOCK[change.old] ?? "", new: STOCK[change.new] ?? "", mood };
  }
  const [old, now] = [change.old, change.new].map((amount) => money(amount, change.currency) ?? "");
  if (change.field === "new") return { what: "new", old: "", new: now, mood: "" };
  const what = change.field === "price" ? "price" : "list price";
  return { what, old, new: now || "none", mood: Number(change.new) < Number(change.old) ? "good" : "bad" };
}
