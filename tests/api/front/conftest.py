import httpx2
import pytest

from api.app import asgi
from crawler.core.config import Config, load
from crawler.core.valkey import embedded


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("front")


@pytest.fixture
async def redis_url(data_dir):
    async with embedded(Config(data_dir=data_dir)) as url:
        yield url


@pytest.fixture
async def start(data_dir, tmp_path, redis_url):
    """`await start(**settings)`: a client of the whole app behind its front, in this process; `client.house` is its
    house. One more call is one more process on the same store and Redis."""
    opened = []

    async def start(**settings):
        environ = {"HOMEFEED_DATA_DIR": str(tmp_path), "HOMEFEED_REDIS_URL": redis_url,
                   "HOMEFEED_RATE_READ": "1000000"}  # fmt: skip
        environ |= {f"HOMEFEED_{name.upper()}": str(value) for name, value in settings.items()}
        app = asgi(load(environ, tmp_path / "no.env"))
        house = app.house.open()
        await house.__aenter__()
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        client.house = app.house
        opened.extend((client, house))
        return client

    yield start
    for thing in reversed(opened):
        await thing.__aexit__(None, None, None)


def problem(answer):
    """(status, type, names of the fields it is about)."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"].rpartition(":")[2], [error["field"] for error in body.get("errors", [])]
