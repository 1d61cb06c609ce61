"""The OpenAPI document is true: schemathesis asks every route what the document allows and what it does not, over a
real socket, with a real store and a real Valkey behind it."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from api.app import asgi
from crawler.core.config import Config, load
from crawler.core.valkey import acquire
from tests.api.stocked import designs, products, run, told
from tests.crawler.core.store.making import full_design, full_record

STREAMS = ("followChanges", "followSearch", "followComparison")  # endless answers have tests of their own
STATUSES = ["2xx", "404", "410", "422"]
NO_CHECKS = "ignored_auth"  # without keys nobody needs one
MEETING = ("listProducts", "listDesigns", "listChanges", "startSearch", "compare", "makeWatch")
"""Two of their values must go together, which a document can't say; a search may be gone (410)."""


class Server(uvicorn.Server):
    """The API on a loop and a thread of its own."""

    def __init__(self, front):
        super().__init__(uvicorn.Config(front, port=0, log_level="warning", lifespan="on"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._stocked(front.house)), daemon=True)

    async def _stocked(self, house):
        await products(house, 5)
        await designs(house, 5, colors=["#2e8b57"], phash="a" * 64)
        store = await house.store()
        await store.write([full_record(id_="pine:1")])
        await store.write_designs([full_design()])
        await store.add_run(run(verdicts={"ok": 1}, coverage={"price": 1.0}))
        await told(house, "oak", terms={"per_day": 5})
        await self.serve()

    def __enter__(self):
        self._thread.start()
        until = time.monotonic() + 20
        while not self.started and time.monotonic() < until:
            time.sleep(0.01)
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_):
        self.should_exit = True
        self._thread.join(20)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openapi")
    lease = acquire(Config(data_dir=folder))
    limits = {"HOMEFEED_RATE_READ": "1000000", "HOMEFEED_RATE_WRITE": "1000000"}
    environ = {"HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_REDIS_URL": lease.url} | limits
    with Server(asgi(load(environ, folder / "no.env"))) as url:
        yield url
    lease.release()


@pytest.mark.long  # a process of its own asks every route some hundred times
@pytest.mark.timeout(600)
def test_every_route_does_what_the_document_says(address, tmp_path):
    rules = "checks.positive_data_acceptance.expected-statuses"
    accepted = [f'[[operations]]\ninclude-operation-id = "{name}"\n{rules} = {STATUSES}\n' for name in MEETING]
    (tmp_path / "schemathesis.toml").write_text("\n".join(accepted))
    command = [
        Path(sys.executable).with_name("schemathesis"), "run", f"{address}/openapi.json", "--max-examples", "5",
        "--phases", "examples,coverage,fuzzing", "--checks", "all", "--exclude-checks", NO_CHECKS, "--no-color",
        "--suppress-health-check", "all", "--request-timeout", "40",
        "--max-response-time", "35", "--generation-database", "none", "--seed", "1",
        *(part for name in STREAMS for part in ("--exclude-operation-id", name)),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=580)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
