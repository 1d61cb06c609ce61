"""One request on its way through the front, as far as it is known."""

from starlette.types import Receive, Scope

from api.front.headers import Pairs, for_origin
from api.front.hosts import Headers
from api.front.limits import Limits

READING = ("GET", "HEAD")
OPEN = frozenset(("/", "/docs", "/openapi.json", "/healthz", "/readyz", "/favicon.ico"))
# Only here does one request wait for another's answer: nothing below these paths streams or waits for news.
KEPT = ("/v1/products", "/v1/designs")
PREFLIGHT = b"access-control-request-method"


class Visit:
    """`open`: needs no key, counts in no limit, and a link may lead there. `kept`: the answer may be in the cache.
    `origin` is the foreign one that may read the answer. `limits` count it, `says` is what they tell. `receive` is None
    once the client has left."""

    __slots__ = ("headers", "kept", "limits", "method", "open", "origin", "path", "reading", "receive", "says")

    def __init__(self, scope: Scope):
        self.method: str = scope.get("method", "GET")  # a WebSocket is opened by a GET
        self.path: str = scope["path"]
        self.reading = self.method in READING
        self.kept = self.reading and self.path.startswith(KEPT)
        self.open = not self.kept and self.reading and (self.path in OPEN or self.path.startswith("/static/"))
        self.receive: Receive | None = None
        self.headers: Headers = {}
        self.origin: bytes | None = None
        self.limits: Limits | None = None
        self.says: bytes | None = None

    @property
    def has_body(self) -> bool:
        return b"content-length" in self.headers or b"transfer-encoding" in self.headers

    @property
    def is_preflight(self) -> bool:
        """A browser asks for a page of another origin whether it may send a request."""
        return self.method == "OPTIONS" and self.origin is not None and PREFLIGHT in self.headers

    def more(self) -> Pairs:
        """Headers of the answer beside its own."""
        found: Pairs = []
        if self.limits is not None and self.says is not None:
            found = [self.limits.policy, (b"ratelimit", self.says)]
        return found if self.origin is None else found + for_origin(self.origin)
