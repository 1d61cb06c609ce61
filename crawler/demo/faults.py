"""Faults on demand: what shops do to crawlers on a bad day."""

import asyncio

from aiohttp import web

BLOCK = (
    "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>You don't have permission to access "
    "this resource on this server.</p><p>Reference #18.2d3c4f68.1732000000.1a2b3c4d</p></body></html>"
)
CAPTCHA = (
    "<html><head><title>Robot check</title></head><body><p>Enter the characters you see below</p>"
    '<form action="/errors/validateCaptcha"><input name="field-keywords"></form></body></html>'
)
KINDS = ("block", "captcha", "truncated", "429", "503", "slow")


class Faults:
    def __init__(self) -> None:
        self.pending: list[str] = []

    def order(self, kind: str, times: int) -> None:
        """Spoil the next `times` pages; at most a thousand wait."""
        if kind not in KINDS:
            raise web.HTTPBadRequest(text=f"fault: one of {', '.join(KINDS)}")
        self.pending = (self.pending + [kind] * times)[:1000]

    async def apply(self, response: web.StreamResponse) -> web.StreamResponse:
        if not self.pending or not isinstance(response, web.Response):
            return response
        return await spoil(self.pending.pop(0), response)


async def spoil(kind: str, response: web.Response) -> web.Response:
    if kind == "block":
        return web.Response(text=BLOCK, content_type="text/html", status=403)
    if kind == "captcha":
        return web.Response(text=CAPTCHA, content_type="text/html")
    if kind in ("429", "503"):
        return web.Response(text="slow down", status=int(kind), headers={"Retry-After": "1"})
    if kind == "slow":
        await asyncio.sleep(5)
        return response
    body = response.body if isinstance(response.body, bytes) else b""
    return web.Response(body=body[: len(body) // 2], content_type=response.content_type)
