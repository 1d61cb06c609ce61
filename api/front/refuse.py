"""What the front itself refuses, as the same problem+json the routes give."""

from starlette.types import Receive, Scope, Send

from api.errors import Problem, body
from api.front.headers import SAFE, Pairs

DENIAL = "websocket.http.response"
POLICY_VIOLATION = 1008


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send, more: Pairs) -> None:
    """Also a WebSocket, before it is opened."""
    data = body(problem)
    own = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(data)), *own]
    prefix = "http.response"
    if scope["type"] == "websocket":
        await receive()
        if DENIAL not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        prefix = DENIAL
    await send({"type": f"{prefix}.start", "status": problem.status, "headers": headers + SAFE + more})
    await send({"type": f"{prefix}.body", "body": data})
