"""The list of HOMEFEED_PROXIES. A proxy is named by host and port: no name of one holds a password."""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

FIX = "write each as http://user:password@host:port, separated by commas"
SCHEMES = ("http", "https")


def listed(entries: Iterable[str]) -> dict[str, str]:
    """Address (with user and password) by name, in the order given. Several accounts at one host and port are told
    apart by number: host:port, host:port/2. Raises ValueError, which repeats nothing of the entry."""
    proxies: dict[str, str] = {}
    for number, entry in enumerate(dict.fromkeys(entries), 1):
        url = entry if "://" in entry else f"http://{entry}"
        proxies[_free(_place(url, number), proxies)] = url
    return proxies


def server(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], path="", query="", fragment="").geturl()


def _place(url: str, number: int) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _usual(parts)
    except ValueError:
        host, port = None, 0
    if not host or parts.scheme not in SCHEMES:
        raise ValueError(f"entry {number} is not a proxy's address; {FIX}")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _usual(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _free(name: str, taken: dict[str, str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}/{number}", number + 1
    return free
