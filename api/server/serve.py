"""The API process: uvicorn on a socket that is ours before anything else is started, until a signal or, attached, until
its standard input closes."""

import errno
import gc
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from api.app import asgi
from api.house import House
from api.relay.protocol import SETTINGS, Socket
from api.server.http import Http
from api.server.logs import quiet
from crawler.core.config import Config
from crawler.core.errors import ConfigError

GRACE_S = 3  # for what is being answered when the server stops
BACKLOG = 2048

Told = Callable[[str], None]


def serve(settings: Config, told: Told, *, attached: bool = False) -> None:
    """Runs until it is stopped. `told(url)` is called once it answers. Raises ConfigError."""
    app = asgi(settings)
    quiet(settings.log_level)
    with _listening(settings.host, settings.port) as listener:
        server = Server(_config(app), app.house, lambda: told(_url(listener)))
        if attached:
            threading.Thread(target=_wait_for_end, args=(server,), daemon=True).start()
        server.run([listener])


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app, loop="uvloop", http=Http, ws=Socket, lifespan="on", log_config=None, access_log=False,  # type: ignore[arg-type]
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=GRACE_S, backlog=BACKLOG,
        **SETTINGS,
    )  # fmt: skip


class Server(uvicorn.Server):
    """Says when it answers, tells the streams of `house` to end before it waits for them, and ends with code 0."""

    def __init__(self, config: uvicorn.Config, house: House, ready: Callable[[], None]):
        super().__init__(config)
        self._house, self._ready = house, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _settle()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._house.closing.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()  # handled: not raised once more


def _settle() -> None:
    """What is loaded by now stays: the collector need not look at it again under load."""
    gc.collect()
    gc.freeze()


def _wait_for_end(server: Server) -> None:
    while os.read(0, 4096):
        pass
    server.should_exit = True


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise _unusable(host, port, error) from None
        listener.set_inheritable(True)
        yield listener


def _unusable(host: str, port: int, error: OSError) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError("HOMEFEED_PORT", f"{port} is taken by another program; choose another, or 0 for a free one")
    if error.errno in (errno.EACCES, errno.EPERM):
        return ConfigError("HOMEFEED_PORT", f"{port} may not be used by you; choose one above 1023")
    return ConfigError("HOMEFEED_HOST", f"can't listen at {host}: {error.strerror}")


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
