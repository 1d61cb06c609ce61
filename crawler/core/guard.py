"""May this URL be fetched on somebody's word? Only http(s) to public addresses, judged after DNS and on every redirect.

Whatever two parsers could read differently (user names, back slashes, odd spellings of an address) is refused, not
repaired: what was checked is what is fetched.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from crawler.core.errors import ConfigError, GuardError

RESOLVE_S = 5.0
LONGEST = 8_192
PORTS = {"http": 80, "https": 443}
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain")
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL6 = IPv6Network("2000::/3")
_CLOSED6 = [IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_CLOSED4 = [IPv4Network(n) for n in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)]  # fmt: skip

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]


class Target(msgspec.Struct, frozen=True):
    """Where a URL leads. `addresses` are the checked ones, empty until resolved and for hosts that are let through; a
    client that connects to one of them can't be sent elsewhere by a second DNS answer."""

    url: str
    host: str
    port: int
    allowed: bool = False
    addresses: tuple[str, ...] = ()


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """`allow` holds "host:port" entries that pass without an address check (HOMEFEED_GUARD_ALLOW)."""

    def __init__(self, allow: Iterable[str] = (), resolve: Resolve = resolve):
        self._allow = allowed(allow)
        self._resolve = resolve

    def check(self, url: str, field: str = "url") -> Target:
        """Everything that can be said without DNS. Raises GuardError naming `field` and why."""
        parts = _split(url, field)
        host, port = parts.hostname or "", _port(parts, field)
        if (host, port) in self._allow:
            return Target(url, host, port, allowed=True)
        address = _literal(host, field)
        if address is None:
            _check_name(host, field)
        elif not public(address):
            raise GuardError(field, f"{host} is not a public address")
        return Target(url, host, port, addresses=(str(address),) if address else ())

    async def resolve_and_check(self, url: str, field: str = "url") -> Target:
        """The same, and every address the name has must be public."""
        target = self.check(url, field)
        if target.allowed or target.addresses:
            return target
        try:
            found = await asyncio.wait_for(self._resolve(target.host, target.port), RESOLVE_S)
        except (OSError, UnicodeError) as error:
            raise GuardError(field, f"{target.host} has no address") from error
        if not found or not all(public(ip_address(a.partition("%")[0])) for a in found):
            raise GuardError(field, f"{target.host} leads to an address that is not public")
        return msgspec.structs.replace(target, addresses=tuple(found))

    async def follow(self, url: str, location: str, field: str = "url") -> Target:
        """Where a redirect from `url` leads, checked like any other."""
        return await self.resolve_and_check(urljoin(url, location), field)


def allowed(entries: Iterable[str]) -> set[tuple[str, int]]:
    """(host, port) of "host:port" entries. Raises ConfigError."""
    return {_entry(entry) for entry in entries}


def public(address: Address) -> bool:
    """Is this somebody's place on the open internet? Addresses that wrap another are judged by what they wrap."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED4)
    inner = address.ipv4_mapped or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
    if inner:
        return public(inner)
    return address in _GLOBAL6 and not any(address in network for network in _CLOSED6)


def _split(url: str, field: str) -> SplitResult:
    if len(url) > LONGEST or _ODD.search(url):
        raise GuardError(field, "has white space, control characters or back slashes, or is too long")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise GuardError(field, "is not a URL") from error
    if parts.scheme not in PORTS:
        raise GuardError(field, "must start with http:// or https://")
    if "@" in parts.netloc:
        raise GuardError(field, "must not hold a user name or password")
    if not host:
        raise GuardError(field, "names no host")
    return parts


def _port(parts: SplitResult, field: str) -> int:
    try:
        port = parts.port if parts.port is not None else PORTS[parts.scheme]
    except ValueError:
        port = 0
    if not port:
        raise GuardError(field, "has a port that does not exist")
    return port


def _literal(host: str, field: str) -> Address | None:
    """The address a host spells, None for a name; spellings such as 0x7f.1 or 2130706433 are refused."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        raise GuardError(field, f"{host!r} is an unusual way to write an address")
    return None


def _check_name(host: str, field: str) -> None:
    try:
        name = host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError as error:
        raise GuardError(field, "names no host") from error
    if not _NAME.fullmatch(name):
        raise GuardError(field, f"{host!r} is not a host name of the internet")
    if any(name == inside or name.endswith("." + inside) for inside in _INSIDE):
        raise GuardError(field, f"{host} is a name inside somebody's network")


def _entry(entry: str) -> tuple[str, int]:
    host, _, port = entry.strip().rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError("HOMEFEED_GUARD_ALLOW", f"{entry!r} is not host:port")
    return host.strip("[]").lower(), int(port)
