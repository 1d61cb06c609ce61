"""Openverse: openly licensed pictures of many museums, archives and photo sites. https://api.openverse.org/v1/

Terms: anonymous use is allowed within 20 requests a minute and 200 a day, at most 20 results a page (401 above) and
few pages deep; scraping is forbidden, so it is asked only for what a person looks for. Credit as each licence demands.
Limits come back in X-RateLimit-Limit-<scope> and X-RateLimit-Available-<scope>. Shape read from the public API client
documentation (https://docs.openverse.org) in 2026-11.
"""

from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.bases.image_api import ImageApiSpider, Refused
from crawler.bases.licence import license_of
from crawler.core.models import Design, Rendition
from crawler.core.terms import Terms
from crawler.core.verdicts import Verdict

DEEPEST = 12  # pages an anonymous caller is given
WATERMARKED = ("rawpixel",)  # its large renditions carry a watermark (WordPress/openverse#3573)


class OpenverseSpider(ImageApiSpider):
    name = "openverse"
    base_url = "https://api.openverse.org/v1/"
    per_page = 20
    pace, picture_pace = 3.0, 0.4
    terms = Terms("Openverse", "https://openverse.org", "https://docs.openverse.org/terms_of_service.html",
                  "2026-11-20", automation=False, per_minute=20, per_day=200)  # fmt: skip

    def api_url(self, page: int) -> str:
        query = {"q": self.query[:200], "page": page, "page_size": self.per_page, "mature": "false",
                 "excluded_source": ",".join(WATERMARKED)}  # fmt: skip
        return urljoin(self.base_url, "images/?" + urlencode(query))

    def api_error(self, data: Any) -> tuple[Verdict, str] | None:
        if "results" in data or "detail" not in data:
            return None
        detail = str(data["detail"])[:120]
        return (Verdict.blocked if "throttled" in detail.lower() else Verdict.error), detail

    def items(self, data: Any) -> list[dict[str, Any]]:
        return [item for item in data.get("results") or [] if isinstance(item, dict)]

    def next_page(self, data: Any, page: int) -> str | None:
        last = min(data.get("page_count") or 0, DEEPEST)
        return self.api_url(page + 1) if page < last else None

    def design(self, item: dict[str, Any]) -> Design:
        if item.get("mature"):
            raise Refused("mature")
        if item.get("watermarked") or item.get("source") in WATERMARKED:
            raise Refused("watermark")
        licence = license_of(item.get("license_url"), item.get("license"), version=item.get("license_version"))
        return self.make(
            item.get("id"), item.get("foreign_landing_url"),
            [Rendition(item.get("url") or "", item.get("width"), item.get("height"))], licence,
            title=item.get("title"), author=item.get("creator"), author_url=item.get("creator_url"),
            width=item.get("width"), height=item.get("height"), thumbnail=item.get("thumbnail"),
            tags=[tag.get("name") for tag in item.get("tags") or [] if isinstance(tag, dict)],
        )  # fmt: skip
