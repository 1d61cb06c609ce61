/** The filter row: what it shows follows the address, and each change of it is a new address. */

import { h } from "./dom.js";
import { named } from "./format.js";

const CHOICES = {
  products: {
    sort: [["", "Best match"], ["price", "Price, low first"], ["-price", "Price, high first"],
           ["-discount", "Largest discount"], ["-quality", "Best described"], ["-updated", "Lately changed"]],
  },
  designs: {
    orientation: [["", "Any shape"], ["landscape", "Wide"], ["portrait", "Tall"], ["square", "Square"]],
    sort: [["", "Best match"], ["-quality", "Best first"], ["-updated", "Newest first"]],
  },
}; // prettier-ignore
const LABELS = { retailer: "Shop", source: "Source", sort: "Order", orientation: "Shape" };

export class Filters {
  /** @param {HTMLFormElement} form @param {(values: Record<string, string>) => void} changed */
  constructor(form, changed) {
    this.form = form;
    this._names = { products: [], designs: [] };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => changed(this._values()));
  }

  /** The names of the sources of each kind, once known. */
  learn(sources) {
    for (const kind of ["products", "designs"]) {
      this._names[kind] = sources.filter((source) => source.kind === kind).map((source) => source.name);
    }
    this._view = null; // build anew
    if (this._state) this.show(this._state);
  }

  /** Show the filters of a state. */
  show(state) {
    this._state = state;
    this.form.hidden = state.view === "saved";
    if (this._view !== state.view) this._build(state.view);
    for (const field of this.form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = state[field.name] === "true";
      else field.value = state[field.name] ?? "";
    }
  }

  _build(view) {
    this._view = view;
    if (view === "saved") return;
    const names = this._names[view].map((name) => [name, named(name)]);
    if (view === "products") {
      this.form.replaceChildren(
        select("retailer", [["", "All shops"], ...names]),
        select("sort", CHOICES.products.sort),
        amount("min_price", "Price from"),
        amount("max_price", "Price to"),
        h("label.tick", {}, h("input", { type: "checkbox", name: "in_stock", value: "true" }), " In stock"),
      );
    } else {
      const { orientation, sort } = CHOICES.designs;
      this.form.replaceChildren(select("source", [["", "All sources"], ...names]), select("orientation", orientation), select("sort", sort));
    }
  }

  _values() {
    const fields = [...this.form.elements].filter((field) => field.name && field.checkValidity());
    return Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" && !field.checked ? "" : field.value]));
  }
}

function select(name, choices) {
  return h("select", { name, "aria-label": LABELS[name] }, choices.map(([value, words]) => h("option", { value }, words)));
}

function amount(name, words) {
  const field = { name, type: "text", inputmode: "decimal", pattern: "\\d{1,9}(\\.\\d{1,2})?", placeholder: words };
  return h("input.amount", { ...field, "aria-label": words, title: "An amount such as 25000", autocomplete: "off" });
}
