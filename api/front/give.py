"""An answer that is ready goes out: nothing is encoded, compressed or laid out any more."""

from starlette.types import Message, Send

from api.front.compress import preferred
from api.front.ready import Ready
from api.front.reply import Reply
from api.front.visit import Visit

HIT = (b"x-cache", b"hit")
NOTHING = {"type": "http.response.body", "body": b""}


def laid_out(ready: Ready, outcome: tuple[bytes, bytes], visit: Visit) -> tuple[Message, Message]:
    """The two messages of an answer that is kept. `outcome` is the header that tells how it was found."""
    asked = visit.headers
    variant = ready.variants.get(preferred(asked.get(b"accept-encoding", b""))) or ready.variants["identity"]
    told = asked.get(b"if-none-match")
    if told is not None and ready.has(told):
        headers = [*variant.unchanged, outcome, *visit.more()]
        return {"type": "http.response.start", "status": 304, "headers": headers}, NOTHING
    headers = [*variant.headers, outcome, *visit.more()]
    return {"type": "http.response.start", "status": 200, "headers": headers}, variant.message


async def give_once(ready: Ready, visit: Visit, send: Send) -> None:
    """An answer that is not kept is for this one only, and laid out now."""
    reply = Reply(send, visit.headers, visit.more(), reading=True)
    await reply({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
    await reply({"type": "http.response.body", "body": ready.body})
