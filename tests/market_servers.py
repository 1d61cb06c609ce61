"""StockX and alias on loopback, as their APIs answer: the fixtures' goods behind the keys the real ones want."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from tests.aside import aside, listening
from tests.reading import FIXTURES

KEYS = {"STOCKX_API_KEY": "stockx-key", "STOCKX_ACCESS_TOKEN": "stockx-token", "ALIAS_API_KEY": "alias-key"}
STYLE = "RW4410-301"  # of the shoe both have


def _saved(case: str):
    return json.loads((FIXTURES / case / "page.json").read_text())


class Market:
    """`asked`: (seconds, path) of each request with the right key; `delay`: seconds before each answer."""

    def __init__(self, answers: dict[str, object], headers: dict[str, str]):
        self._answers, self._headers = answers, headers
        self.asked: list[tuple[float, str]] = []
        self.delay, self.port = 0.0, 0

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = await listening(app, shutdown_timeout=0.1)
        self.port = runner.addresses[0][1]
        return runner

    async def _answer(self, request: web.Request) -> web.Response:
        if any(request.headers.get(name) != value for name, value in self._headers.items()):
            return web.json_response({"message": "no"}, status=401)
        self.asked.append((time.monotonic(), request.path))
        await asyncio.sleep(self.delay)
        data = self._answers.get(request.path)
        return web.json_response(data if data is not None else {"message": "no"}, status=200 if data else 404)


def stockx() -> Market:
    shoe = _saved("stockx/api_product")
    good = f"/v2/catalog/products/{shoe['item']['productId']}"
    answers = {"/v2/catalog/search": _saved("stockx/api_search"), f"{good}/variants": shoe["variants"],
               f"{good}/market-data": shoe["market"]}  # fmt: skip
    token = f"Bearer {KEYS['STOCKX_ACCESS_TOKEN']}"
    return Market(answers, {"X-API-Key": KEYS["STOCKX_API_KEY"], "Authorization": token})


def alias() -> Market:
    shoe = _saved("alias/product")
    market = f"/api/v1/pricing_insights/availabilities/{shoe['item']['catalog_id']}"
    answers = {"/api/v1/catalog": _saved("alias/search"), market: shoe["market"]}
    return Market(answers, {"Authorization": f"Bearer {KEYS['ALIAS_API_KEY']}"})


@contextmanager
def markets() -> Iterator[dict[str, Market]]:
    """Both by name, on a loop of their own."""
    served = {"stockx": stockx(), "alias": alias()}
    with aside() as do:
        runners = [do(market.start()) for market in served.values()]
        try:
            yield served
        finally:
            for runner in runners:
                do(runner.cleanup())
