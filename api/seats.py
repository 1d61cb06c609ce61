"""How many endless answers one access may hold open in this process: each keeps a connection, and those are few."""

from collections import Counter

from starlette.types import Scope

from api.errors import Problem


class Seats:
    """`what` they are, in the plural; `most` of one access, whatever its clients call themselves."""

    def __init__(self, what: str, most: int):
        self._what, self.most = what, most
        self._taken = Counter[str]()

    def take(self, scope: Scope) -> str:
        """Who is to `leave` when it is over. Raises Problem 429."""
        client = scope.get("homefeed.client")
        who = client.key if client else ""
        if self._taken[who] >= self.most:
            detail = f"{self.most} {self._what} are open; close one first"
            raise Problem(429, "too-many-requests", detail, headers={"Retry-After": "5"})
        self._taken[who] += 1
        return who

    def leave(self, who: str) -> None:
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]


STREAMS = Seats("event streams", 1_000)
SOCKETS = Seats("WebSockets", 10_000)
