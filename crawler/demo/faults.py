"""Faults on demand: what shops do to crawlers on a bad day, and what a redesign does to their pages."""

import asyncio
import re

from aiohttp import web

BLOCK = (
    "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>You don't have permission to access "
    "this resource on this server.</p><p>Reference #18.2d3c4f68.1732000000.1a2b3c4d</p></body></html>"
)
CAPTCHA = (
    "<html><head><title>Robot check</title></head><body><p>Enter the characters you see below</p>"
    '<form action="/errors/validateCaptcha"><input name="field-keywords"></form></body></html>'
)
KINDS = ("none", "block", "captcha", "truncated", "429", "503", "slow", "bare", "dollars")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.S)


class Faults:
    def __init__(self) -> None:
        self.pending: list[str] = []

    def order(self, kind: str, times: int) -> None:
        """Spoil the next `times` pages; at most a thousand wait. "none" forgets those that wait."""
        if kind not in KINDS:
            raise web.HTTPBadRequest(text=f"fault: one of {', '.join(KINDS)}")
        if kind == "none":
            self.pending = []
            return
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
    if kind in ("bare", "dollars"):
        return web.Response(text=redesigned(kind, response.text or ""), content_type=response.content_type)
    body = response.body if isinstance(response.body, bytes) else b""
    return web.Response(body=body[: len(body) // 2], content_type=response.content_type)


def redesigned(kind: str, text: str) -> str:
    """`bare`: without structured data and state. `dollars`: the same amounts in another currency."""
    return _SCRIPT.sub("", text) if kind == "bare" else text.replace("₹", "$").replace('"INR"', '"USD"')
