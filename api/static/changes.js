/** What a change does to a product that is already shown. Pure: returns a new product. */

/**
 * @param {object} product as the API gives it
 * @param {{field: string, new: string|null, currency: string|null, variant?: string|null, seller?: string|null,
 *   location?: string|null, condition?: string, observed_at: string}} change
 */
export function applyChange(product, change) {
  if (change.field === "new") return product;
  const offers = (product.offers ?? []).map((offer) => (isOf(change, offer) ? { ...offer, ...told(change) } : offer));
  const first = product.offers?.[0];
  const flat = !first || isOf(change, first) ? told(change) : {};
  return { ...product, offers, ...flat, last_seen: change.observed_at, last_changed: change.observed_at };
}

/** Is the change about this offer? */
function isOf(change, offer) {
  const same = ["variant", "seller"].every((key) => (change[key] ?? null) === (offer[key] ?? null));
  return same && (change.condition ?? "new") === (offer.condition ?? "new") && here(change, offer);
}

/** A place counts only where it was asked for; one that a shop guessed tells no offers apart. */
function here(change, offer) {
  return (change.location ?? null) === (offer.location_asked ? (offer.location ?? null) : null);
}

function told(change) {
  if (change.field === "availability") return { availability: change.new ?? "unknown" };
  return { [change.field]: change.new, ...(change.currency ? { currency: change.currency } : {}) };
}
