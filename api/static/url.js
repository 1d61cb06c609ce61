/** The page's address carries what one looks at, so that the back button, bookmarks and sent links work. Pure. */

export const VIEWS = ["products", "designs", "saved"];
const FIELDS = {
  products: ["q", "retailer", "min_price", "max_price", "in_stock", "sort"],
  designs: ["q", "source", "orientation", "license", "sort"],
  saved: [],
};
const PER_PAGE = 24;

/** "?q=sofa&in_stock=true" -> { view: "products", q: "sofa", in_stock: "true" } */
export function read(search) {
  const given = new URLSearchParams(search);
  const view = VIEWS.includes(given.get("view")) ? given.get("view") : "products";
  const fields = FIELDS[view].filter((name) => given.get(name)?.trim());
  return { view, ...Object.fromEntries(fields.map((name) => [name, given.get(name).trim()])) };
}

/** The address of a state; the same state always has the same address. */
export function write(state) {
  const query = parameters(state);
  if (state.view !== "products") query.set("view", state.view);
  return query.size ? `/?${query}` : "/";
}

/** The list behind a state. */
export function list(state) {
  const query = parameters(state);
  query.set("per_page", PER_PAGE);
  return `/v1/${state.view}?${query}`;
}

function parameters(state) {
  const set = FIELDS[state.view].filter((name) => state[name]);
  return new URLSearchParams(set.map((name) => [name, state[name]]));
}

/** Would the list of this state hold the product? For what arrives while a search runs. */
export function matches(state, product) {
  const price = product.price === null ? NaN : Number(product.price);
  return (
    (!state.retailer || product.retailer === state.retailer) &&
    (!state.in_stock || product.availability === "in_stock") &&
    (!state.min_price || price >= Number(state.min_price)) &&
    (!state.max_price || price <= Number(state.max_price))
  );
}
