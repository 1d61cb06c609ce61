"""The demo world over real sockets: each shop and source on a port of its own, with latency and faults on demand.

`python -m crawler.demo.server --clock FILE` prints one JSON line with the ports and serves until its standard input
closes, so it never outlives its parent. Every site answers `POST /control` with a JSON body:
{"tick": N} sets the clock, {"fault": KIND, "times": N} spoils the next N pages; the kinds are in `faults.py`.
"""

import argparse
import asyncio
import json
import random
import sys
from pathlib import Path

from aiohttp import web

from crawler.demo import drawings, faults, shops, sources, world

LATENCY = (0.02, 0.06)  # seconds
TICK_S = 20.0


class Site:
    """One shop or source; `clock` is shared by all."""

    def __init__(self, name: str, clock: "Clock"):
        self.name, self.clock = name, clock
        self.faults = faults.Faults()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._manners])
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_post("/control", self._control)
        if self.name in world.SHOPS:
            app.router.add_get("/search", self._search)
            app.router.add_get("/p/{sku}", self._product)
            app.router.add_get("/img/{name}", self._picture)
        else:
            app.router.add_get("/api/photos", self._photos)
            app.router.add_get("/photos/{name}", self._photo)
        return app

    @web.middleware
    async def _manners(self, request: web.Request, handler: object) -> web.StreamResponse:
        await asyncio.sleep(random.uniform(*LATENCY))
        response = await handler(request)  # type: ignore[operator]
        spoilable = request.path.startswith(("/search", "/p/", "/api"))
        return await self.faults.apply(response) if spoilable else response

    async def _robots(self, _: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /control\nDisallow: /cart\n")

    async def _control(self, request: web.Request) -> web.Response:
        order = await request.json()
        if "tick" in order:
            self.clock.set(int(order["tick"]))
        if "fault" in order:
            self.faults.order(str(order["fault"]), int(order.get("times", 1)))
        return web.json_response({"tick": self.clock.tick, "faults": self.faults.pending})

    async def _search(self, request: web.Request) -> web.Response:
        query, page = request.query.get("q", ""), int(request.query.get("page", 1))
        return _html(shops.SEARCH[self.name](query, page, world.search(self.name, query), self.clock.tick))

    async def _product(self, request: web.Request) -> web.Response:
        good = next((g for g in world.goods(self.name) if g.sku == request.match_info["sku"]), None)
        if good is None:
            raise web.HTTPNotFound(text="<h1>Page not found</h1>", content_type="text/html")
        return _html(shops.PRODUCT[self.name](good, self.clock.tick))

    async def _picture(self, request: web.Request) -> web.Response:
        sku, _, size = request.match_info["name"].removesuffix(".jpg").partition("-")
        side = min(int(size or 600), 1200)
        return await _drawn(int.from_bytes(sku.encode(), "big") % 9973, side, side)

    async def _photos(self, request: web.Request) -> web.Response:
        base = f"http://{request.host}"
        found = sources.answer(self.name, request.query.get("q", ""), int(request.query.get("page", 1)), base)
        return web.json_response(found)

    async def _photo(self, request: web.Request) -> web.Response:
        photo_id, _, width = request.match_info["name"].removesuffix(".jpg").partition("-")
        picture = next((p for p in world.pictures(self.name) if p.id == photo_id), None)
        if picture is None:
            raise web.HTTPNotFound
        wide = min(int(width or picture.width), picture.width)
        return await _drawn(picture.scene, wide, round(wide * picture.height / picture.width), self.name)


class Clock:
    """The tick of the world, kept in a file so that another run finds it moved on; the sites' ports too, because an
    address that stays is part of what makes a good the same good."""

    def __init__(self, file: Path | None):
        self.file = file
        known = json.loads(file.read_text()) if file and file.exists() else {"tick": -1}
        self.tick: int = known["tick"] + 1
        self.ports: dict[str, int] = known.get("ports", {})
        self.save()

    def set(self, tick: int) -> None:
        self.tick = tick
        self.save()

    def save(self) -> None:
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft = self.file.with_suffix(".new")  # whole or not at all
            draft.write_text(json.dumps({"tick": self.tick, "ports": self.ports}))
            draft.replace(self.file)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.set(self.tick + 1)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


async def _drawn(scene: int, width: int, height: int, seed: str = "") -> web.Response:
    body = await asyncio.to_thread(drawings.room, scene, width, height, seed)
    return web.Response(body=body, content_type="image/jpeg")


async def start(clock: Clock) -> tuple[list[web.AppRunner], dict[str, int]]:
    """Every site on a loopback port, last time's where it is free: (runners to clean up, port by site name)."""
    runners = []
    for name in (*world.SHOPS, *world.SOURCES):
        runner = web.AppRunner(Site(name, clock).app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        clock.ports[name] = await _listen(runner, clock.ports.get(name, 0))
        runners.append(runner)
    clock.save()
    return runners, clock.ports


async def _listen(runner: web.AppRunner, port: int) -> int:
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


async def serve(clock_file: Path | None) -> None:
    clock = Clock(clock_file)
    runners, ports = await start(clock)
    ticking = asyncio.create_task(clock.run())
    sys.stdout.write(json.dumps({"ports": ports, "tick": clock.tick}) + "\n")
    sys.stdout.flush()
    try:
        await asyncio.to_thread(sys.stdin.read)
    finally:
        ticking.cancel()
        for runner in runners:
            await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clock", type=Path)
    asyncio.run(serve(parser.parse_args().clock))
