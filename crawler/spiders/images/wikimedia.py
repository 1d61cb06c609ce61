"""Wikimedia Commons: freely licensed media. https://commons.wikimedia.org/w/api.php

Terms: a descriptive User-Agent with a contact (set HOMEFEED_CONTACT; without one answers are 403 or 429), serial
requests, maxlag=5, Retry-After honoured; hot-linking tolerated, standard thumbnail widths only. Each file has its own
licence and author, to be credited as its page says. Access policy and API read in 2026-11 at
https://www.mediawiki.org/wiki/Wikimedia_APIs/Rate_limits and https://www.mediawiki.org/wiki/API:Imageinfo.
"""

import re
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.bases.image_api import ImageApiSpider
from crawler.bases.licence import license_of, plain
from crawler.bases.wikimedia import WIDTH, credit, refuse, renditions, thumbnail
from crawler.core.config import config
from crawler.core.models import Design
from crawler.core.terms import Terms
from crawler.core.verdicts import Verdict

BUSY = ("maxlag", "ratelimited", "readonly")


class WikimediaSpider(ImageApiSpider):
    name = "wikimedia"
    base_url = "https://commons.wikimedia.org/w/api.php"
    per_page = 50
    pace = 2.0
    terms = Terms("Wikimedia Commons", "https://commons.wikimedia.org",
                  "https://www.mediawiki.org/wiki/Wikimedia_APIs/Access_policy", "2026-11-20")  # fmt: skip

    def headers(self) -> dict[str, str]:
        contact = config().contact or "no contact configured"
        return super().headers() | {"User-Agent": f"homefeed/0.1 ({contact}) design picture search"}

    def api_url(self, page: int, **more: Any) -> str:
        query = {
            "action": "query", "format": "json", "formatversion": 2, "maxlag": 5, "generator": "search",
            "gsrsearch": f"filetype:bitmap {self.query}", "gsrnamespace": 6, "gsrlimit": self.per_page,
            "gsroffset": (page - 1) * self.per_page, "prop": "imageinfo", "iiurlwidth": WIDTH,
            "iiprop": "url|user|dimensions|size|mediatype|mime|extmetadata", "iiextmetadatalanguage": "en",
        }  # fmt: skip
        return urljoin(self.base_url, "?" + urlencode(query | more))

    def api_error(self, data: Any) -> tuple[Verdict, str] | None:
        """Errors come with status 200."""
        error = data.get("error")
        if not isinstance(error, dict):
            return None
        code = str(error.get("code"))
        return (Verdict.blocked if code in BUSY else Verdict.error), f"{code}: {str(error.get('info'))[:120]}"

    def items(self, data: Any) -> list[dict[str, Any]]:
        """Files described in this answer; the others of an unfinished batch come with the next one."""
        pages = (data.get("query") or {}).get("pages") or []
        found = list(pages.values() if isinstance(pages, dict) else pages)
        return [p for p in found if p.get("imageinfo")] if not self.complete(data) else found

    def complete(self, data: Any) -> bool:
        return "batchcomplete" in data or not data.get("continue")

    def next_page(self, data: Any, page: int) -> str | None:
        following = data.get("continue")
        return self.api_url(page, **following) if isinstance(following, dict) and following else None

    def design(self, item: dict[str, Any]) -> Design:
        info = (item.get("imageinfo") or [{}])[0]
        meta = {name: field.get("value") for name, field in (info.get("extmetadata") or {}).items()}
        refuse(info, meta)
        author, link = credit(meta)
        title = plain(meta.get("ObjectName")) or re.sub(r"^File:|\.\w+$", "", item.get("title") or "") or None
        licence = license_of(meta.get("LicenseUrl"), meta.get("License"), meta.get("LicenseShortName"))
        page = info.get("descriptionurl") or info.get("descriptionshorturl")
        return self.make(
            item.get("pageid"), page, renditions(info), licence,
            title=title, author=author, author_url=link, width=info.get("width"), height=info.get("height"),
            tags=(meta.get("Categories") or "").split("|"), thumbnail=thumbnail(info.get("thumburl")),
        )  # fmt: skip
