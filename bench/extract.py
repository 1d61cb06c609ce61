"""Product pages read: homefeed's readers of structured data, and all its readers with their vote, beside extruct
(JSON-LD, microdata, OpenGraph as it finds them: no product chosen, no price, no visible page) and a handful of parsel
selectors.

    python bench/extract.py [--rounds 5]

Pages are the private captures. CPU time, contenders in turn, each in a process of its own for its memory.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.common import PY, ROOT, child_json, emit, header, peak_mb, ratios, spread

CAPTURES = ROOT.parent / "shared" / "captures"
PAGES = ("retail/us_home/*product*.html", "retail/ikea/*product*.html", "parsing/*.html")
URL = "https://shop.example/p/1"
CONTENDERS = ("homefeed", "homefeed structured", "extruct", "parsel")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", choices=CONTENDERS)
    args = parser.parse_args()
    if not CAPTURES.is_dir():
        sys.exit(f"extract: the pages to read are private and not here; expected them in {CAPTURES}")
    if args.child:
        emit(measure(args.child))
    else:
        compare(args.rounds)


def compare(rounds: int) -> None:
    header("extract", pages=len(bodies()), kb=sum(map(len, bodies())) // 1024, rounds=rounds)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            runs[name].append(child_json([PY, __file__, "--child", name]))
    rival = [run["pages_per_cpu_s"] for run in runs["extruct"]]
    for name in CONTENDERS:
        speed = [run["pages_per_cpu_s"] for run in runs[name]]
        memory = [run["peak_growth_mb"] for run in runs[name]]
        emit({"contender": name, "pages_per_cpu_s": spread(speed, 1), "peak_growth_mb": spread(memory, 1),
              "ratio_to_extruct": ratios(speed, rival)})  # fmt: skip


def measure(name: str) -> dict[str, Any]:
    """One contender in a process of its own: warm up on one page, then all pages three times. `peak_growth_mb` is how
    far the process grew over what it needed after the warm-up."""
    pages, read = bodies(), reader(name)
    read(min(pages, key=len))
    gc.collect()
    before, start = peak_mb(), time.process_time()
    for _ in range(3):
        for body in pages:
            read(body)
    spent = time.process_time() - start
    return {"pages_per_cpu_s": 3 * len(pages) / spent, "peak_growth_mb": peak_mb() - before}


def bodies() -> list[bytes]:
    return [path.read_bytes() for pattern in PAGES for path in sorted(CAPTURES.glob(pattern))]


def reader(name: str) -> Callable[[bytes], Any]:
    """Imports only what the contender needs, so that its memory is its own."""
    makers = {"homefeed": _homefeed, "homefeed structured": _structured, "extruct": _extruct, "parsel": _parsel}
    return makers[name]()


def _homefeed() -> Callable[[bytes], Any]:
    from crawler.bases import structured, visible
    from crawler.bases.document import Document
    from crawler.bases.facts import Facts, vote

    def read(body: bytes) -> Any:
        doc = Document(URL, body)
        seen = visible.product_facts(doc)
        return vote("shop", [Facts("url", sku="1"), *structured.product_facts(doc), *([seen] if seen else [])])

    return read


def _structured() -> Callable[[bytes], Any]:
    from crawler.bases import structured
    from crawler.bases.document import Document

    return lambda body: structured.product_facts(Document(URL, body))


def _extruct() -> Callable[[bytes], Any]:
    import extruct
    from w3lib.encoding import html_to_unicode

    def read(body: bytes) -> Any:
        text = html_to_unicode(None, body)[1]
        return extruct.extract(text, base_url=URL, syntaxes=["json-ld", "microdata", "opengraph"], errors="ignore")

    return read


def _parsel() -> Callable[[bytes], Any]:
    from parsel import Selector
    from w3lib.encoding import html_to_unicode

    def read(body: bytes) -> Any:
        page = Selector(text=html_to_unicode(None, body)[1])
        return {
            "title": page.css("h1 ::text").getall(),
            "price": page.css('[itemprop="price"]::attr(content), [class*="price"] ::text').getall(),
            "image": page.css('meta[property="og:image"]::attr(content)').get(),
            "url": page.css('link[rel="canonical"]::attr(href)').get(),
            "data": page.css('script[type="application/ld+json"]::text').getall(),
            "stock": page.css('[itemprop="availability"]::attr(href), [class*="stock"] ::text').getall(),
        }

    return read


if __name__ == "__main__":
    main()
