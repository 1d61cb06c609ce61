"""Which host names the API answers to and which pages may use it, so that a foreign page can't drive an API that only
listens on loopback: not by a name that resolves here (DNS rebinding), not from another origin, not by a plain link."""

import re

from api.errors import Problem
from crawler.core.config import Config
from crawler.core.errors import ConfigError

LOOPBACK = frozenset((b"localhost", b"127.0.0.1", b"[::1]"))
HOST = re.compile(rb"(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(\d{1,5}))?")
ORIGIN = re.compile(rb"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  addresses to listen at, no names
REMEMBERED = 256

Headers = dict[bytes, bytes]


class Hosts:
    """Raises ConfigError for names and origins that can't be."""

    def __init__(self, settings: Config):
        own = [bracketed(settings.host)] if settings.host not in ANYWHERE else []
        self._names = LOOPBACK | {_host(name) for name in settings.names("hosts") + own}
        self._origins = frozenset(_origin(origin) for origin in settings.names("origins"))
        self._good: set[bytes] = set()  # Host headers that passed, to be told at a glance

    def check(self, headers: Headers, *, link: bool) -> bytes | None:
        """The foreign origin that may read the answer, if one asks. `link`: a link from another page may lead here.
        Raises Problem 403."""
        host = headers.get(b"host", b"")
        if host not in self._good:
            self._check_host(host)
        origin = headers.get(b"origin")
        if origin is not None:
            return self._check_origin(origin, host)
        if headers.get(b"sec-fetch-site") in (None, b"same-origin", b"none") or (link and _navigates(headers)):
            return None
        raise _refused("pages of other origins may not use this API; name them in HOMEFEED_ORIGINS")

    def _check_host(self, host: bytes) -> None:
        match = HOST.fullmatch(host.lower())
        if not match or match[1] not in self._names:
            raise _refused("this host name is not answered; name it in HOMEFEED_HOSTS")
        if len(self._good) < REMEMBERED:
            self._good.add(host)

    def _check_origin(self, origin: bytes, host: bytes) -> bytes | None:
        asked = origin.lower()
        if asked in (b"http://" + host.lower(), b"https://" + host.lower()):
            return None
        if asked in self._origins:
            return origin
        raise _refused("this origin may not use this API; name it in HOMEFEED_ORIGINS")


def bracketed(host: str) -> str:
    """As it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _host(name: str) -> bytes:
    match = HOST.fullmatch(name.lower().encode())
    if not match:
        raise ConfigError("HOMEFEED_HOSTS", f"{name!r} is no host name")
    return match[1]


def _origin(text: str) -> bytes:
    origin = text.rstrip("/").lower().encode()
    if not ORIGIN.fullmatch(origin):
        raise ConfigError("HOMEFEED_ORIGINS", f"{text!r} is no origin such as https://shop.example")
    return origin


def _navigates(headers: Headers) -> bool:
    """Somebody followed a link in the address bar's own window, rather than a frame or a script."""
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"


def _refused(detail: str) -> Problem:
    return Problem(403, "forbidden", detail)
