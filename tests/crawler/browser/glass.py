"""The shop itself: a page whose goods come by script, and one that turns away who has no script."""

import asyncio
from collections import Counter
from contextlib import contextmanager

from aiohttp import web

from crawler.demo.faults import CAPTCHA
from tests.aside import aside, listening

SCRIPT = """<html><head><title>Glass</title><link rel=stylesheet href=/style.css></head><body><div id=said></div>
<img src=/picture.png><script>
fetch('/goods?bot=' + navigator.webdriver).then(r => r.text()).then(t => {
  document.getElementById('said').textContent = t + ' ' + navigator.userAgent })
SECRET
VASE</script><p>A shop of many fine glasses, at $ 12.00 each</p></body></html>"""

VASE = """const told = {"@context": "https://schema.org", "@type": "Product", "name": "Tall vase", "sku": "%s",
  "offers": {"@type": "Offer", "price": "12.00", "priceCurrency": "USD", "availability": "https://schema.org/InStock"}}
const data = document.createElement('script')
data.type = 'application/ld+json'
data.textContent = JSON.stringify(told)
document.head.append(data)
"""


class Glass:
    """`asked`: paths by count; `agents`: who asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.heads: list[dict[str, str]] = []
        self.port = 0
        self.elsewhere = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._page)
        runner = await listening(app, handler_cancellation=True)
        self.port = runner.addresses[0][1]
        return runner

    async def _page(self, request: web.Request) -> web.Response:
        path = request.path.strip("/")
        self.asked[path] += 1
        self.agents.add(request.headers.get("User-Agent", ""))
        self.heads.append(dict(request.headers))
        if path == "robots.txt":
            return web.Response(text="User-agent: *\nAllow: /\n")
        if path == "goods":
            return web.Response(text="two glasses")
        if path == "to-inside":
            raise web.HTTPFound(self.elsewhere)
        if path == "slow":
            await asyncio.sleep(3600)
        if path == "captcha" or (path.startswith("captcha-v") and "Sec-Fetch-Dest" not in request.headers):
            return web.Response(text=CAPTCHA, content_type="text/html")
        if path.startswith("empty") and "Sec-Fetch-Dest" not in request.headers:
            return web.Response(text="<html><body></body></html>", content_type="text/html")
        secret = f"fetch('{self.elsewhere}').catch(() => 0)" if path == "nosy" else ""
        vase = VASE % path.removeprefix("captcha-") if path.startswith("captcha-v") else ""
        return web.Response(text=SCRIPT.replace("SECRET", secret).replace("VASE", vase), content_type="text/html")


@contextmanager
def glass():
    shop = Glass()
    with aside() as do:
        runner = do(shop.start())
        yield shop
        do(runner.cleanup())
