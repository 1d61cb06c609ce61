"""Places in a Redis Stream, written `<milliseconds>-<serial>`: how they compare, and what a stream still holds."""

import re

import msgspec

from crawler.core.errors import InputError

_POSITION = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")


def order(position: str) -> tuple[int, int]:
    """By this positions compare; their text does not."""
    stamp, _, serial = position.partition("-")
    return int(stamp), int(serial)


def check(position: str, field: str = "after") -> str:
    """The position itself. Raises InputError naming `field` for text that is none."""
    if not _POSITION.fullmatch(position) or max(order(position)) >= 2**63:
        raise InputError(field, "must be a position such as 1700000000000-0")
    return position


class Reach(msgspec.Struct, frozen=True):
    """What a stream holds: `first` ("" when empty) to `last`; `trimmed` when older entries were let go."""

    epoch: str
    first: str
    last: str
    trimmed: bool

    def covers(self, after: str, epoch: str | None = None) -> bool:
        """Is everything after this position, taken from `epoch` if known, still here?"""
        if epoch is not None and epoch != self.epoch:
            return False
        place = order(after)
        return place <= order(self.last) and not (self.trimmed and place < order(self.first or self.last))
