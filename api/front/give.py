"""An answer that is ready goes out: nothing is encoded, compressed or laid out any more."""

from starlette.types import Send

from api.front.compress import preferred
from api.front.etags import without_body
from api.front.ready import Ready
from api.front.reply import Reply
from api.front.visit import Visit

HIT = (b"x-cache", b"hit")
NOTHING = {"type": "http.response.body", "body": b""}


async def give(ready: Ready, outcome: tuple[bytes, bytes], visit: Visit, send: Send) -> None:
    """`outcome` is the header that tells how it was found."""
    if not ready.kept:
        return await _once(ready, visit, send)
    coding = preferred(visit.headers.get(b"accept-encoding", b""))
    variant = ready.variants.get(coding) or ready.variants["identity"]
    headers = [*variant.headers, outcome, *visit.more()]
    if ready.has(visit.headers.get(b"if-none-match")):
        await send({"type": "http.response.start", "status": 304, "headers": without_body(headers)})
        return await send(NOTHING)
    await send({"type": "http.response.start", "status": ready.status, "headers": headers})
    return await send(variant.message)


async def _once(ready: Ready, visit: Visit, send: Send) -> None:
    """For this one only, so that it is laid out now."""
    reply = Reply(send, visit.headers, visit.more(), reading=True)
    await reply({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
    await reply({"type": "http.response.body", "body": ready.body})
