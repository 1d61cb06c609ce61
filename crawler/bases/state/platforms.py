"""Two shop systems whose pages tell variants without naming the product: they can only be the page's own. Their prices
count major units whatever they look like."""

from typing import Any

from crawler.bases.state.things import Thing, objects


def platform_product(states: dict[str, Any]) -> Thing | None:
    """The page's product as an object of the usual words; None where there is none, or more than one."""
    woocommerce = [_woocommerce(v) for v in states.get("data-product_variations", []) if isinstance(v, list)]
    magento = [_magento(o) for o in objects(states) if isinstance(o.get("optionPrices"), dict)]
    found = woocommerce or magento
    return found[0] if len(found) == 1 else None


def _woocommerce(variations: list[Any]) -> Thing:
    return {"variants": [_variation(v) for v in variations if isinstance(v, dict)]}


def _variation(said: Thing) -> Thing:
    attributes = said.get("attributes")
    options = list(attributes.values()) if isinstance(attributes, dict) else []
    return {
        "id": said.get("variation_id"), "options": options, "price": _major(said.get("display_price")),
        "listPrice": _major(said.get("display_regular_price")), "inStock": said.get("is_in_stock"),
    }  # fmt: skip


def _magento(config: Thing) -> Thing:
    labels = _labels(config.get("attributes"))
    variants = [
        {"id": number, "options": labels.get(number, [])} | _prices(prices)
        for number, prices in config["optionPrices"].items()
        if isinstance(prices, dict)
    ]
    return {"variants": variants}


def _prices(prices: Thing) -> Thing:
    final, old = prices.get("finalPrice"), prices.get("oldPrice")
    return {name: _major(p.get("amount")) for name, p in (("price", final), ("listPrice", old)) if isinstance(p, dict)}


def _labels(attributes: Any) -> dict[str, list[str]]:
    """{number of a variant: its options}."""
    found: dict[str, list[str]] = {}
    for attribute in attributes.values() if isinstance(attributes, dict) else []:
        for option in attribute.get("options", []) if isinstance(attribute, dict) else []:
            for number in option.get("products", []) if isinstance(option, dict) else []:
                found.setdefault(str(number), []).append(str(option.get("label", "")))
    return found


def _major(amount: Any) -> float | None:
    return float(amount) if isinstance(amount, int | float) and not isinstance(amount, bool) else None
