"""An answer that is ready goes out: nothing is encoded, compressed or laid out any more."""

from typing import NamedTuple

from starlette.types import Message, Send

from api.front.compress import preferred
from api.front.ready import Ready, Variant
from api.front.reply import Reply
from api.front.visit import Visit

HIT = (b"x-cache", b"hit")
NOTHING = {"type": "http.response.body", "body": b""}


class Answer(NamedTuple):
    """As it goes over the wire: `head` has every header but those of the server itself, without the empty line."""

    status: int
    head: bytes
    body: bytes


def written(ready: Ready, visit: Visit) -> Answer:
    """The answer of a hit."""
    variant, unchanged = _variant(ready, visit)
    status, head = (304, variant.unchanged_head) if unchanged else (200, variant.head)
    more = b"".join([b"%b: %b\r\n" % pair for pair in visit.more()])
    body = b"" if unchanged or visit.method == "HEAD" else variant.body
    return Answer(status, head + b"x-cache: hit\r\n" + more, body)


def laid_out(ready: Ready, outcome: tuple[bytes, bytes], visit: Visit) -> tuple[Message, Message]:
    """The two messages of an answer that is kept. `outcome` is the header that tells how it was found."""
    variant, unchanged = _variant(ready, visit)
    if unchanged:
        headers = [*variant.unchanged, outcome, *visit.more()]
        return {"type": "http.response.start", "status": 304, "headers": headers}, NOTHING
    headers = [*variant.headers, outcome, *visit.more()]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return start, {"type": "http.response.body", "body": variant.body}


def _variant(ready: Ready, visit: Visit) -> tuple[Variant, bool]:
    """The encoding this client takes, and whether it has that answer already."""
    asked = visit.headers
    coding = preferred(asked.get(b"accept-encoding", b""))
    told = asked.get(b"if-none-match")
    return ready.variants.get(coding) or ready.variants["identity"], told is not None and ready.has(told)


async def give_once(ready: Ready, visit: Visit, send: Send) -> None:
    """An answer that is not kept is for this one only, and laid out now."""
    reply = Reply(send, visit.headers, visit.more(), reading=True)
    await reply({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
    await reply({"type": "http.response.body", "body": ready.body})
