"""The API in this process: its routes without the front, on a store and a Valkey of the test's own."""

from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx2

from api.app import create_app
from api.house import House
from crawler.core.config import load

NAME = "x-test-client"


class AsClient:
    """Stands where the front does: lets a request in under the name in its header."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        name = dict(scope.get("headers", ())).get(NAME.encode())
        if name:
            scope["homefeed.client"] = SimpleNamespace(name=name.decode(), scopes={"read", "write"})
        await self.app(scope, receive, send)


@asynccontextmanager
async def served(folder, redis_url="", **settings):
    """(client, house). Requests with the header NAME come from that client."""
    environ = {"HOMEFEED_DATA_DIR": str(folder), "HOMEFEED_REDIS_URL": redis_url} | settings
    app = create_app(load(environ, folder / "no.env"))
    house: House = app.state.house
    transport = httpx2.ASGITransport(AsClient(app), raise_app_exceptions=False)
    async with house.open(), httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client, house


def named(name):
    return {NAME: name}


def wrong_fields(answer):
    """(status, names of the fields a problem is about)."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, [error["field"] for error in answer.json().get("errors", [])]
