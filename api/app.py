"""The API as an ASGI app: every module of `api.routes` that has a `router` is part of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI

from api import errors, openapi, routes
from api.front.front import Front
from api.house import House
from api.state.timing import Timing
from crawler.core.config import Config, config


def create_app(settings: Config | None = None) -> FastAPI:
    """Nothing is opened before the lifespan starts."""
    house = House(settings or config())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with house.open():
            yield

    app = FastAPI(title="homefeed", version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
                  redirect_slashes=False)  # fmt: skip
    app.state.house = house
    app.add_middleware(Timing)
    errors.install(app)
    openapi.install(app)
    for module in sorted(m.name for m in iter_modules(routes.__path__)):
        app.include_router(import_module(f"{routes.__name__}.{module}").router)
    return app


def asgi(settings: Config | None = None) -> Front:
    """The app behind its front: what is served. Raises ConfigError."""
    app = create_app(settings)
    app.state.front = Front(app, app.state.house)
    return app.state.front  # type: ignore[no-any-return]
