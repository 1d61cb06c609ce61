"""The real thing for a browser: demo shops, a worker and the API in processes of their own."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crawler.demo import world as goods
from tests.demo_world import ROOT, control, environ


class World:
    """`url` is where the page is; the demo's clock stands at `now` until `tick`."""

    def __init__(self, ports: dict[str, int], folder: Path):
        self.ports, self.now = ports, 0
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = environ(
            ports, folder, HOMEFEED_SPIDERS="crawler.demo.spiders", HOMEFEED_EXTRA_SPIDERS="",
            HOMEFEED_PORT=str(self.port), HOMEFEED_FRESH_S="3600", HOMEFEED_LOG_LEVEL="WARNING",
        )  # fmt: skip
        self._api: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self):
        with ExitStack() as stack:
            worker = self._start("worker")
            stack.callback(_end, worker)
            stack.callback(self.stop_api)
            self.start_api()
            until(lambda: len(self.get("/v1/sources")["results"]) == 5, 30)
            yield self

    def start_api(self) -> None:
        self._api = self._start("api")
        until(lambda: self.get("/healthz"), 30)

    def stop_api(self) -> None:
        """As a crash does: nobody is told."""
        if self._api:
            self._api.kill()
            self._api.wait(10)
            self._api = None

    def tick(self, tick: int) -> None:
        """All sites share one clock."""
        self.now = tick
        control(self.ports["alder"], tick=tick)

    def search(self, query: str = "sofa", kind: str = "products") -> None:
        """Ask every source and wait for the end."""
        job = self.ask("POST", "/v1/searches", {"kind": kind, "query": query, "wait_ms": 20_000})
        assert job["state"] == "done", job

    @contextmanager
    def fault(self, shop: str, kind: str):
        """Every page of a shop is spoilt, and none afterwards."""
        control(self.ports[shop], fault=kind, times=40)
        try:
            yield
        finally:
            until(lambda: _status(f"http://127.0.0.1:{self.ports[shop]}/search?q=sofa") == 200, 20)

    def get(self, path: str):
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: object = None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def _start(self, command: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "crawler.cli", command, "--attached"]
        return subprocess.Popen(line, cwd=ROOT, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def good(product_id: str) -> goods.Good:
    shop, _, sku = product_id.partition(":")
    return next(g for g in goods.goods(shop) if g.sku == sku)


def moved(product_ids: list[str], then: int) -> tuple[str, int]:
    """(id, tick): the soonest time after `then` that the price of one of these, and nothing else, moves by less than
    the 30 % that need a second look."""
    return next((name, tick) for tick in range(then + 1, then + 20) for name in product_ids
                if 0 < abs(_step(good(name), then, tick)) < 0.28 and _same_stock(good(name), then, tick))  # fmt: skip


def sold_out(product_ids: list[str], then: int) -> tuple[str, int]:
    """(id, tick): the soonest time after `then` that one of these is gone."""
    here = [name for name in product_ids if goods.in_stock(good(name), then)]
    return next((name, tick) for tick in range(then + 1, then + 40) for name in here
                if not goods.in_stock(good(name), tick))  # fmt: skip


def _step(one: goods.Good, then: int, tick: int) -> float:
    return goods.price(one, tick) / goods.price(one, then) - 1


def _same_stock(one: goods.Good, then: int, tick: int) -> bool:
    return goods.in_stock(one, then) == goods.in_stock(one, tick)


def until(condition, within: float = 10.0):
    """The condition's first true value; an API that is not there yet is no value."""
    end = time.monotonic() + within
    while True:
        try:
            if value := condition():
                return value
        except (urllib.error.URLError, ConnectionError):
            pass
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def holds(page, expression: str, within: float = 15.0) -> None:
    """Waits until it is true in the page, whose policy forbids Playwright's own way of waiting for an expression."""
    until(lambda: page.evaluate(expression), within)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """By its standard input, as the supervisor does it."""
    process.stdin.close()
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
