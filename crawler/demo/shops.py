"""The pages of the three demo shops, one per kind of page a crawler meets: structured data, embedded state, and
nothing but what a shopper sees. Each carries the traps of its kind: a carousel, an instalment line, an M.R.P."""

import json
from html import escape

from crawler.demo.world import Good, in_stock, list_price, neighbours, price

PER_PAGE = 10


def rupees(amount: int) -> str:
    """129990 -> "₹1,29,990", grouped as in India."""
    head, tail = str(amount)[:-3], str(amount)[-3:]
    groups = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return "₹" + ",".join([*groups, tail])


def _page(title: str, head: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
        f'<body><header><nav><a href="/">Home</a> <a href="/search?q=sofa">Sofas</a></nav></header>'
        f"<main>{body}</main><footer><p>Free delivery above ₹999. Easy EMI from ₹450/month.</p></footer></body></html>"
    )


def _image(good: Good, size: int = 600) -> str:
    return f"/img/{good.sku}-{size}.jpg"


def _carousel(good: Good, tick: int) -> str:
    cards = "".join(
        f'<li><a href="/p/{g.sku}"><img src="{_image(g, 200)}" alt=""><span>{escape(g.title)}</span> '
        f'<b class="price">{rupees(price(g, tick))}</b></a></li>'
        for g in neighbours(good)
    )
    return f'<section class="carousel"><h2>You may also like</h2><ul>{cards}</ul></section>'


def _next(query: str, page: int, more: bool) -> str:
    return f'<a rel="next" href="/search?q={escape(query)}&amp;page={page + 1}">Next</a>' if more else ""


# alder: schema.org JSON-LD


def alder_product(good: Good, tick: int) -> str:
    data = json.dumps(_jsonld(good, tick), ensure_ascii=False)
    stock = "In stock" if in_stock(good, tick) else "Sold out"
    body = (
        f'<article><h1>{escape(good.title)}</h1><p class="price">{rupees(price(good, tick))}</p>'
        f'<p class="emi">or 12 × {rupees(max(1, price(good, tick) // 12))} EMI</p><p class="stock">{stock}</p></article>'
        + _carousel(good, tick)
    )
    head = f'<link rel="canonical" href="/p/{good.sku}"><script type="application/ld+json">{data}</script>'
    return _page(good.title, head, body)


def _jsonld(good: Good, tick: int) -> dict[str, object]:
    available = "https://schema.org/" + ("InStock" if in_stock(good, tick) else "OutOfStock")
    return {
        "@context": "https://schema.org", "@type": "Product", "name": good.title, "sku": good.sku,
        "url": f"/p/{good.sku}", "image": [_image(good, 1200), _image(good)],
        "brand": {"@type": "Brand", "name": good.brand},
        "aggregateRating": {"@type": "AggregateRating", "ratingValue": good.rating, "reviewCount": good.reviews},
        "offers": {"@type": "Offer", "price": f"{price(good, tick)}.00", "priceCurrency": "INR", "availability": available},
    }  # fmt: skip


def alder_search(query: str, page: int, found: list[Good], tick: int) -> str:
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    items = [{"@type": "ListItem", "position": n + 1, "item": _jsonld(g, tick)} for n, g in enumerate(shown)]
    data = json.dumps({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})
    tiles = "".join(
        f'<li><a href="/p/{g.sku}">{escape(g.title)}</a> <b>{rupees(price(g, tick))}</b></li>' for g in shown
    )
    body = f"<h1>{escape(query)}</h1><ul>{tiles}</ul>" + _next(query, page, len(found) > page * PER_PAGE)
    return _page(query, f'<script type="application/ld+json">{data}</script>', body)


# birch: state for the page's own scripts


def _state_item(good: Good, tick: int) -> dict[str, object]:
    was = list_price(good, tick)
    return {
        "productId": good.sku, "title": good.title, "brand": good.brand, "link": f"/p/{good.sku}",
        "media": [{"src": _image(good, 1200)}, {"src": _image(good)}],
        "pricing": {"final": price(good, tick), "mrp": was, "currency": "INR", "emi": {"perMonth": price(good, tick) // 12}},
        "stock": {"status": "IN_STOCK" if in_stock(good, tick) else "OUT_OF_STOCK"},
        "rating": {"average": good.rating, "count": good.reviews},
    }  # fmt: skip


def _state(state: dict[str, object]) -> str:
    return f"<script>window.__INITIAL_STATE__ = {json.dumps(state)};</script>"


def birch_product(good: Good, tick: int) -> str:
    also = [_state_item(g, tick) for g in neighbours(good)]
    state = {"page": "product", "product": _state_item(good, tick), "recommendations": also}
    body = f'<div id="app"><h1>{escape(good.title)}</h1><div class="a1x">{rupees(price(good, tick))}</div></div>'
    return _page(good.title, "", body + _state(state))


def birch_search(query: str, page: int, found: list[Good], tick: int) -> str:
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    state = {"page": "search", "query": query, "pageNumber": page, "hasNext": len(found) > page * PER_PAGE,
             "results": [_state_item(g, tick) for g in shown]}  # fmt: skip
    return _page(query, "", '<div id="app"></div>' + _state(state))


# cedar: nothing but what a shopper sees


def cedar_product(good: Good, tick: int) -> str:
    was = list_price(good, tick)
    mrp = f'<span class="was">M.R.P.: <s>{rupees(was)}</s></span>' if was else ""
    stock = '<button type="submit">Add to cart</button><p class="stock">In stock</p>'
    if not in_stock(good, tick):
        stock = '<p class="stock">Currently unavailable</p>'
    body = (
        f'<div class="pdp" data-sku="{good.sku}"><h1>{escape(good.title)}</h1>'
        f'<img class="hero" src="{_image(good, 1200)}" alt="{escape(good.title)}">'
        f'<div class="buy"><span class="now">{rupees(price(good, tick))}</span> {mrp}'
        f'<p class="emi">No cost EMI from {rupees(max(1, price(good, tick) // 24))} per month</p>{stock}</div></div>'
    )
    return _page(good.title, "", _carousel(good, tick) + body)


def cedar_search(query: str, page: int, found: list[Good], tick: int) -> str:
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    body = f"<h1>{len(found)} results</h1><ol class='grid'>{''.join(_tile(g, tick) for g in shown)}</ol>"
    return _page(query, "", body + _next(query, page, len(found) > page * PER_PAGE))


def _tile(good: Good, tick: int) -> str:
    was = list_price(good, tick)
    mrp = f" <s>{rupees(was)}</s> <i>{round(100 - 100 * price(good, tick) / was)}% off</i>" if was else ""
    stock = "In stock" if in_stock(good, tick) else "Sold out"
    return (
        f'<li class="tile" data-sku="{good.sku}"><a href="/p/{good.sku}?ref=grid"><img src="{_image(good)}" alt="">'
        f'<h3>{escape(good.title)}</h3></a><div class="cost"><span class="now">{rupees(price(good, tick))}</span>{mrp}</div>'
        f'<em class="stock">{stock}</em></li>'
    )


PRODUCT = {"alder": alder_product, "birch": birch_product, "cedar": cedar_product}
SEARCH = {"alder": alder_search, "birch": birch_search, "cedar": cedar_search}
