"""The page at `/`, its files under `/static/`, and what the API offers at `/docs`."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.assets import PAGE, Asset, assets
from api.errors import missing
from api.front.compress import takes_gzip
from api.front.etags import known
from api.reference import reference

router = APIRouter(include_in_schema=False)

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' https: http: data:",  # pictures stay at their sources
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@router.api_route("/", methods=["GET", "HEAD"])
async def page(request: Request) -> Response:
    found = await asyncio.to_thread(assets)
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "strict-origin-when-cross-origin"}
    return _served(request, found.files[PAGE], ASK_AGAIN, headers)


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs(request: Request) -> Response:
    """For people and for readers without JavaScript."""
    return HTMLResponse(reference(request.app.openapi()), headers={"Content-Security-Policy": POLICY})


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def plain(request: Request, name: str) -> Response:
    """A file under an address that stays, for whoever imports `client.js`: its reader asks whether it is still so."""
    return _served(request, await _file(name), ASK_AGAIN)


@router.api_route("/static/{version}/{name}", methods=["GET", "HEAD"])
async def versioned(request: Request, version: str, name: str) -> Response:
    """A file as the page names it. A page from before an update still gets the file, but may not keep it."""
    current = (await asyncio.to_thread(assets)).version
    return _served(request, await _file(name), FOR_GOOD if version == current else ASK_AGAIN)


async def _file(name: str) -> Asset:
    found = (await asyncio.to_thread(assets)).files.get(name)
    if found is None or name == PAGE:
        raise missing("there is no such file; the page's files are named in the page at /")
    return found


def _served(request: Request, asset: Asset, keep: str, more: dict[str, str] | None = None) -> Response:
    packed = asset.packed if takes_gzip(_header(request, "accept-encoding")) else None
    etag = f'"{asset.etag}{"-gzip" if packed else ""}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    headers |= more or {}
    if known(_header(request, "if-none-match"), etag.encode()):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed or asset.body, headers=headers, media_type=asset.media_type)


def _header(request: Request, name: str) -> bytes:
    return request.headers.get(name, "").encode("latin-1")
