"""Who may ask for what: HOMEFEED_API_KEYS, kept and compared as hashes."""

import hashlib
import hmac
import re

import msgspec

from crawler.core.errors import ConfigError

SCOPES = frozenset(("read", "write", "admin"))
FIELD = "HOMEFEED_API_KEYS"
FORM = "must be name:scope+scope:key with scopes of read, write and admin"
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")

# POST that only reads, or hands out what its key may do anyway
READS = frozenset(("/v1/batch", "/v1/tickets"))
ADMIN = ("/v1/providers", "/v1/budgets")


class Client(msgspec.Struct, frozen=True):
    """`name` is the key's name, with "/" and what `X-Homefeed-Client` says behind it; `key` is the key's name."""

    name: str
    scopes: frozenset[str]
    key: str

    def called(self, name: str) -> "Client":
        return Client(f"{self.key}/{name}", self.scopes, self.key)


LOCAL = Client("local", SCOPES, "local")  # everybody, where no keys are set


class Keys:
    """Raises ConfigError, which names an entry by its place and never tells a key."""

    def __init__(self, setting: list[str]):
        self._known = [_entry(place, text) for place, text in enumerate(setting, 1)]
        if len({digest for digest, _ in self._known}) < len(self._known):
            raise ConfigError(FIELD, "two entries have the same key")

    def __bool__(self) -> bool:
        return bool(self._known)

    def client(self, key: bytes) -> Client | None:
        """Takes the same time whichever key it is, and whether or not it is one."""
        digest, found = _digest(key), None
        for known, client in self._known:
            if hmac.compare_digest(known, digest):
                found = client
        return found


def scope_needed(method: str, path: str) -> str:
    if method in ("GET", "HEAD") or path in READS:
        return "read"
    return "admin" if path.startswith(ADMIN) else "write"


def _entry(place: int, text: str) -> tuple[bytes, Client]:
    name, scopes, key = (*(part.strip() for part in text.split(":", 2)), "", "")[:3]
    asked = frozenset(scope.strip() for scope in scopes.split("+"))
    if not NAME.fullmatch(name) or not asked <= SCOPES or not key or not key.isascii():
        raise ConfigError(FIELD, f"entry {place} {FORM}")
    return _digest(key.encode()), Client(name, asked, name)


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
