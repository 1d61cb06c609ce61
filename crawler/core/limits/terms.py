"""What one request asks of the pace, and what it gets. Times are seconds."""

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """`delay` lies between this start and the next one at the site, of which `most` are under way at once. `lease` is
    the longest the request may take: after that its place is free even if nobody says so."""

    delay: float
    most: int = 3
    lease: float = 60.0


class Place(msgspec.Struct, frozen=True):
    """One of the requests under way at a site; `waited` is how long it took to get it."""

    site: str
    token: str
    waited: float
