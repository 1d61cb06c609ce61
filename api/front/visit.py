"""One request on its way through the front, as far as it is known."""

from starlette.types import Receive, Scope

from api.front.headers import Pairs, for_origin
from api.front.hosts import Headers
from api.front.limits import Limits

READING = ("GET", "HEAD")
ASKS = b"access-control-request-method"


class Visit:
    """`origin` is the foreign one that may read the answer. `limits` count it, `says` is what they tell. `receive` is
    None once the client has left."""

    __slots__ = ("headers", "limits", "method", "origin", "path", "receive", "says")

    def __init__(self, scope: Scope, receive: Receive):
        self.method: str = scope.get("method", "GET")  # a WebSocket is opened by a GET
        self.path: str = scope["path"]
        self.receive: Receive | None = receive
        self.headers: Headers = {}
        self.origin: bytes | None = None
        self.limits: Limits | None = None
        self.says = b""

    @property
    def reading(self) -> bool:
        return self.method in READING

    @property
    def has_body(self) -> bool:
        return b"content-length" in self.headers or b"transfer-encoding" in self.headers

    @property
    def is_preflight(self) -> bool:
        """A browser asks for a page of another origin whether it may send a request."""
        return self.origin is not None and self.method == "OPTIONS" and ASKS in self.headers

    def more(self) -> Pairs:
        """Headers of the answer beside its own."""
        found = for_origin(self.origin) if self.origin else []
        if self.limits and self.says:
            found += [(b"ratelimit-policy", self.limits.policy), (b"ratelimit", self.says)]
        return found
