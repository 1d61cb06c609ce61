"""A shop and a picture source that send what no program wants to get: each page and picture by name, over a real
socket. The shop speaks as the demo's alder, the source as its lumen."""

import gzip
import json
import zlib
from functools import cache

from aiohttp import web
from PIL import Image

from tests.pictures import encoded, jpeg_header, photo, png_header

TITLE = "Café Sofa"


def page(sku: str, offers: object, *, shown: str = "", filler: str = "", data: str | None = None) -> str:
    """A product page with these JSON-LD offers; `data` replaces them whole, `shown` is what a shopper sees."""
    if data is None:
        data = json.dumps({"@context": "https://schema.org", "@type": "Product", "name": TITLE, "sku": sku,
                           "url": f"/p/{sku}", "offers": offers}, ensure_ascii=False)  # fmt: skip
    price = f'<p class="price">{shown}</p>' if shown else ""
    return (
        f'<!doctype html><html><head><title>{TITLE}</title><link rel="canonical" href="/p/{sku}">'
        f'<script type="application/ld+json">{data}</script></head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{TITLE}</h1>{price}<p>In stock</p></article>{filler}</body></html>"
    )


def offer(price: object) -> dict[str, object]:
    return {"@type": "Offer", "price": price, "priceCurrency": "INR", "availability": "https://schema.org/InStock"}


def priced(sku: str, price: object, shown: str = "") -> bytes:
    return page(sku, offer(price), shown=shown).encode()


@cache
def zeros(size: int) -> bytes:
    """So many zero bytes as gzip: a thousandth of that on the wire."""
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 2**20
    return b"".join(press.compress(block) for _ in range(size // 2**20)) + press.flush()


Answer = tuple[bytes, dict[str, str]]
UTF8 = {"Content-Type": "text/html; charset=utf-8"}


def html(body: bytes, **headers: str) -> Answer:
    return body, UTF8 | {name.replace("_", "-"): value for name, value in headers.items()}


@cache
def products() -> dict[str, Answer]:
    """Every page of the shop, good ones (their sku begins with "good") among bad ones."""
    good = page("good1", offer("4999.00"), shown="₹4,999")
    long = "<p>A word about sofas.</p>" * 400_000
    return {
        "good1": html(good.encode()),
        "good2": html(priced("good2", 4999)),
        "goodshown": html(priced("goodshown", {}, "₹4,999")),
        "goodbig": html(page("goodbig", offer("4999.00"), filler=long).encode()),
        "goodlatin": html(page("goodlatin", offer("4999.00")).encode("cp1252")),
        "goodunknown": html(priced("goodunknown", 4999), Content_Type="text/html; charset=klingon-8"),
        "goodlying": html(priced("goodlying", 4999), Content_Type="text/html; charset=iso-8859-1"),
        "mixed": html(
            page("mixed", offer("4999.00")).encode().replace("Café".encode(), b"Caf\xe9") + "<!--é-->".encode()
        ),
        "empty": html(b""),
        "blank": html(b" \n" * 500),
        "malformed": html(b"<html><div <p <<a href=<script>{" * 300),
        "unclosed": html(b"<div>" * 200_000 + priced("unclosed", 4999)),
        "cut": html(priced("cut", 4999)[:-150]),
        "noise": html(bytes(range(256)) * 64),
        "picture": html(encoded(photo(1))),
        "bomb": html(zeros(2**30), Content_Encoding="gzip"),
        "bombs": html(gzip.compress(zeros(2**30)), Content_Encoding="gzip, gzip"),
        "notgzip": html(good.encode(), Content_Encoding="gzip"),
        "notbrotli": html(good.encode(), Content_Encoding="br"),
        "huge": html(b"<html>" + b"<p>sofa</p>" * 2_500_000),
        "ldempty": html(page("ldempty", None, data="{}").encode()),
        "ldlist": html(page("ldlist", None, data="[[], 7, null, {}]").encode()),
        "ldbroken": html(page("ldbroken", None, data='{"@type": "Product", "sku":').encode()),
        "lddeep": html(page("lddeep", None, data="[" * 100_000).encode()),
        "ldodd": html(page("ldodd", None, data='{"@type": "Product", "name": {}, "sku": [[]], "offers": 7}').encode()),
        **{f"price{name}": html(priced(f"price{name}", price)) for name, price in PRICES.items()},
        **{f"shown{name}": html(priced(f"shown{name}", None, said)) for name, said in SHOWN.items()},
    }


PRICES: dict[str, object] = {
    "object": {}, "list": [], "text": "call us", "true": True, "nan": float("nan"), "nantext": "NaN",
    "infinite": float("inf"), "overflow": "1e400", "negative": -4999, "negativetext": "-4999.00", "zero": 0,
    "absurd": 10_000_000, "absurdtext": "99999999999999999999", "digits": "9" * 5_000, "tiny": "0.001",
}  # fmt: skip
SHOWN = {"zero": "₹0", "absurd": "₹1,00,00,000", "negative": "-₹4,999", "minus": "₹-4,999", "digits": "₹" + "9" * 5_000}


def pictures() -> dict[str, Answer]:
    """Every picture of the source; the good one among bad ones."""
    jpeg, flat = {"Content-Type": "image/jpeg"}, encoded(Image.new("RGB", (6_000, 6_000)), "PNG")
    found = {
        "good": encoded(photo(1)),
        **{f"large{n}": flat for n in range(3)},
        "png": png_header(50_000, 50_000),
        "jpeg": jpeg_header(50_000, 50_000),
        "html": b"<html>gone</html>",
        "empty": b"",
        "noise": bytes(range(256)) * 64,
        "half": encoded(photo(3))[:4000],
        "heavy": b"\xff" * 13 * 2**20,
    }
    plain = {name: (body, jpeg) for name, body in found.items()}
    return plain | {"zipped": (zeros(2**30), jpeg | {"Content-Encoding": "gzip"})}


def _search(base: str, skus: list[str]) -> web.Response:
    items = [{"@type": "Product", "name": f"Tile {sku}", "url": f"{base}/p/{sku}", "sku": sku} for sku in skus]
    data = json.dumps({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [
        {"@type": "ListItem", "position": n, "item": item} for n, item in enumerate(items, 1)]})  # fmt: skip
    body = f'<html><head><script type="application/ld+json">{data}</script></head><body>sofas</body></html>'
    return web.Response(text=body, content_type="text/html")


def _photo(base: str, name: str, number: int) -> dict[str, object]:
    return {
        "id": name,
        "title": f"Room {number}",
        "page": f"{base}/view/{name}",
        "author": "A",
        "width": 1200,
        "height": 800,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "sizes": {"400": f"{base}/pic/{name}"},
    }


def app() -> web.Application:
    goods, shots = products(), pictures()

    async def search(request: web.Request) -> web.Response:
        return _search(f"http://{request.host}", list(goods))

    async def photos(request: web.Request) -> web.Response:
        found = [_photo(f"http://{request.host}", name, n) for n, name in enumerate(shots)]
        return web.json_response({"total": len(found), "page": 1, "more": False, "photos": found})

    async def send(request: web.Request) -> web.Response:
        body, headers = (goods if request.path.startswith("/p/") else shots)[request.match_info["name"]]
        return web.Response(body=body, headers=headers)

    served = web.Application()
    served.router.add_get("/search", search)
    served.router.add_get("/api/photos", photos)
    served.router.add_get("/p/{name}", send)
    served.router.add_get("/pic/{name}", send)
    return served
