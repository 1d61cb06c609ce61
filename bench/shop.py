"""The shop of the crawl benches: a listing page has 40 products and about 40 KB. `/p/<n>` repeats 64 pages, as a shop
that is crawled again and again; `/new/<n>` has goods of its own on every page. One asyncio protocol, answers made
beforehand, so that the server is not what is measured."""

import argparse
import asyncio
import json
import random
import time

PRODUCTS = 40
REPEATED = 64
WORDS = ["oak", "linen", "shelf", "reading", "lamp", "velvet", "armchair", "woven", "basket", "ceramic", "vase", "walnut", "table", "wool", "throw", "brass", "hook", "folding", "stool", "corner", "sofa", "hanging", "mirror", "round", "rug"]  # fmt: skip


def tile(n: int, k: int, rnd: random.Random) -> str:
    number = n * PRODUCTS + k
    title = " ".join(rnd.choices(WORDS, k=6)).title()
    price = rnd.randrange(199, 99999) / 100
    was, text = price * (1 + rnd.random() / 2), " ".join(rnd.choices(WORDS, k=12))
    return f"""
    <li class="product card col-6 col-md-3" data-id="{number}" data-sku="SKU-{number:08d}" itemscope itemtype="https://schema.org/Product">
      <a class="product__link" href="/item/{number}?ref=list&amp;pos={k}"><img class="product__img" loading="lazy" width="400" height="400"
        src="/img/{number % 977:04d}/{number}-400.jpg" srcset="/img/{number}-400.jpg 1x, /img/{number}-800.jpg 2x" alt="{title}"></a>
      <div class="product__body"><h3 class="product__title"><a href="/item/{number}" itemprop="name">{title}</a></h3>
        <p class="product__desc">{text}</p>
        <div class="product__price"><span class="price" itemprop="price" content="{price:.2f}">EUR {price:,.2f}</span>
          <s class="price-old">EUR {was:,.2f}</s><meta itemprop="priceCurrency" content="EUR"></div>
        <div class="rating" data-stars="{rnd.randrange(20, 50) / 10}"><span class="sr">({rnd.randrange(1, 4000)} reviews)</span></div>
        <button class="btn btn--cart" data-id="{number}" type="button">Add to cart</button></div>
    </li>"""


def page(n: int) -> bytes:
    rnd = random.Random(n)
    tiles = "".join(tile(n, k, rnd) for k in range(PRODUCTS))
    menu = "".join(f'<li><a href="/c/{i}">Category {i}</a></li>' for i in range(30))
    body = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Listing {n}</title>
<link rel="canonical" href="/p/{n}"><script type="application/json" id="state">{{"page":{n}}}</script></head>
<body><header><nav><ul>{menu}</ul></nav></header><main><ul class="grid">{tiles}
</ul><a rel="next" class="next" href="/p/{n + 1}">Next</a></main><footer>shop</footer></body></html>""".encode()
    return _answer(body, b"text/html; charset=utf-8")


def _answer(body: bytes, kind: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body


class Shop(asyncio.Protocol):
    pages: list[bytes] = []
    times: list[float] = []  # when each page was asked for; told at /times

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head.split(b" ", 2)[1]))
            if b"connection: close" in head.lower():
                self.transport.close()

    def answer(self, path: bytes) -> bytes:
        kind, _, number = path[1:].partition(b"/")
        if kind == b"times":
            return _answer(json.dumps(self.times).encode(), b"application/json")
        if kind in (b"p", b"new"):
            self.times.append(time.monotonic())
        if kind == b"p":
            return self.pages[int(number) % REPEATED]
        if kind == b"new" and int(number) < len(self.pages):
            return self.pages[int(number)]
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


async def main(port: int, pages: int) -> None:
    Shop.pages = [page(n) for n in range(pages)]
    server = await asyncio.get_running_loop().create_server(Shop, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pages", type=int, default=800)
    args = parser.parse_args()
    import uvloop

    uvloop.run(main(args.port, args.pages))
