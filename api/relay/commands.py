"""What a client may say on `WS /v1/ws`, checked before anything is done about it."""

import re

import msgspec

from crawler.core.errors import InputError
from crawler.core.positions import check

LONGEST = 256 * 1024  # bytes of one message: a thousand channels with their places fit
MOST = 5_000  # channels of one connection
KINDS = ("product", "retailer", "search")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,300}")


class Want(msgspec.Struct, frozen=True):
    """One channel, from the change after `after` on; `epoch` is where that position is from."""

    channel: str
    after: str | None = None
    epoch: str | None = None


class Subscribe(msgspec.Struct, tag="subscribe"):
    channels: list[Want | str]

    def wants(self) -> list[Want]:
        return [Want(c) if isinstance(c, str) else c for c in self.channels]


class Unsubscribe(msgspec.Struct, tag="unsubscribe"):
    channels: list[Want | str]

    def names(self) -> list[str]:
        return [c if isinstance(c, str) else c.channel for c in self.channels]


class Ping(msgspec.Struct, tag="ping"):
    pass


class Lost(msgspec.Struct):
    """Not a client's word: the stream was lost under these channels."""

    channels: list[str]


Command = Subscribe | Unsubscribe | Ping
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def read(text: bytes) -> Command:
    """Raises InputError naming the field."""
    if len(text) > LONGEST:
        raise InputError("message", f"must be at most {LONGEST} bytes")
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$")
        raise InputError(path.strip("`.") or "message", said) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError("message", 'must be JSON such as {"type":"ping"}') from None


def kind_of(want: Want) -> str:
    """The channel's kind. Raises InputError for a channel or a place that can't be."""
    kind, _, name = want.channel.partition(":")
    if kind not in KINDS or not _NAME.fullmatch(name):
        raise InputError("channel", f"must be {', '.join(f'{k}:<id>' for k in KINDS[:-1])} or {KINDS[-1]}:<id>")
    if want.after is not None:
        check(want.after)
    return kind
