"""What a browser of a given name sends with a page request, so that no header says something else than the name.

Client hints follow Chromium's own rule: brands, their order and the invented third one come from the major version.
"""

import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy_fake_useragent.providers import BaseProvider

AGENTS = Path(__file__).with_name("agents.json")

_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,"
_CHROMIUM_PAGE = f"{_PAGE}image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
_MAJOR = re.compile(r"Chrome/(\d+)\.")
_SEPARATORS = (" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_")
_INVENTED = ("8", "99", "24")
_ORDERS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
_PLATFORMS = {"Windows": "Windows", "Macintosh": "macOS", "Android": "Android", "Linux": "Linux"}


class Agents(BaseProvider):
    """A provider of scrapy-fake-useragent: names of browsers people use now, kept beside this file."""

    def __init__(self, settings: Any):
        super().__init__(settings)
        self.names: list[str] = json.loads(AGENTS.read_text())

    def get_random_ua(self) -> str:
        return random.choice(self.names)


def is_mobile(agent: str) -> bool:
    return "Mobile" in agent


def headers(agent: str, url: str, accept: str | None = None, referer: str | None = None) -> dict[str, str]:
    """By name. `accept` is what the request itself asks for; without one it asks for a page."""
    chromium, secure = _MAJOR.search(agent), urlsplit(url).scheme == "https"
    sent = {
        "User-Agent": agent,
        "Accept": accept or (_CHROMIUM_PAGE if chromium else f"{_PAGE}*/*;q=0.8"),
        "Accept-Language": "en-US,en;q=0.5" if "Firefox/" in agent else "en-US,en;q=0.9",
        "Accept-Encoding": _encodings(agent) if secure else "gzip, deflate",
    }
    if chromium and secure:  # browsers tell more of themselves to secure sites only
        sent |= client_hints(agent, int(chromium[1]))
    if secure:
        sent |= _fetch_metadata(url, accept, referer)
    if not accept and (chromium or "Firefox/" in agent):
        sent["Upgrade-Insecure-Requests"] = "1"
    return sent


def client_hints(agent: str, major: int) -> dict[str, str]:
    brand = "Microsoft Edge" if "Edg/" in agent else "Google Chrome"
    invented = f"Not{_SEPARATORS[major % 11]}A{_SEPARATORS[(major + 1) % 11]}Brand"
    said = (invented, _INVENTED[major % 3]), ("Chromium", str(major)), (brand, str(major))
    placed = sorted(zip(_ORDERS[major % 6], said, strict=True))
    platform = next((shown for word, shown in _PLATFORMS.items() if word in agent), "Linux")
    return {
        "Sec-Ch-Ua": ", ".join(f'"{name}";v="{version}"' for _, (name, version) in placed),
        "Sec-Ch-Ua-Mobile": "?1" if is_mobile(agent) else "?0",
        "Sec-Ch-Ua-Platform": f'"{platform}"',
    }


def _encodings(agent: str) -> str:
    return "gzip, deflate, br" if "Version/" in agent else "gzip, deflate, br, zstd"


def _fetch_metadata(url: str, accept: str | None, referer: str | None) -> dict[str, str]:
    site = "none"
    if referer:
        site = "same-origin" if urlsplit(referer)[:2] == urlsplit(url)[:2] else "cross-site"
    if accept is None:
        return {
            "Sec-Fetch-Dest": "document",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": site,
            "Sec-Fetch-User": "?1",
        }
    if accept.startswith("image/"):
        return {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"}
    return {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
