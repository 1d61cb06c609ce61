"""Every error homefeed raises on purpose.

HomefeedError
├── ConfigError          a setting is wrong; `field` names it and the message says the fix
├── InputError           what a caller gave is wrong; `field` names it
│   └── GuardError       an outgoing URL that may not be fetched
├── MoneyError           a price that can't be believed; `reason` is one of the small enum below
├── PictureError         bytes that are no usable picture; `reason` is one of the small enum below
├── StoreError           the store can't do its work
│   ├── SchemaError      the store was written by another version of homefeed
│   └── StoreAway        the store does not answer
├── BusAway              Redis or Valkey does not answer
├── NoTurn               a site may not be asked in the time there is
├── CircuitOpen          a site failed too often and is left alone for a while
├── QueueFull            as many jobs wait as may
└── JobLost              this attempt at a job is no longer wanted
"""


class HomefeedError(Exception):
    """Root of the tree."""


class ConfigError(HomefeedError):
    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field


class InputError(HomefeedError):
    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field


class GuardError(InputError):
    pass


class MoneyError(HomefeedError):
    """`reason`: nan, negative, zero, absurd, unreadable."""

    def __init__(self, reason: str, text: str = ""):
        super().__init__(f"{reason}: {text[:80]!r}")
        self.reason = reason


class PictureError(HomefeedError):
    """`reason`: empty, too_many_bytes, too_many_pixels, too_small, not_a_picture, broken, gone (the source says so)."""

    def __init__(self, reason: str, text: str = ""):
        super().__init__(f"{reason}: {text[:80]}" if text else reason)
        self.reason = reason


class StoreError(HomefeedError):
    pass


class SchemaError(StoreError):
    pass


class StoreAway(StoreError):
    pass


class BusAway(HomefeedError):
    pass


class NoTurn(HomefeedError):
    pass


class CircuitOpen(HomefeedError):
    pass


class QueueFull(HomefeedError):
    pass


class JobLost(HomefeedError):
    pass
