"""Demo picture source with flat JSON; asks for credit, allows hot-links."""

from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.bases.image_api import ImageApiSpider
from crawler.bases.licence import license_of
from crawler.core.models import Design, Rendition
from crawler.core.terms import Terms


class LumenSpider(ImageApiSpider):
    name = "lumen"
    base_url = "http://127.0.0.1:1"
    per_page = 11
    pace = picture_pace = 0.02
    terms = Terms("Lumen", "https://lumen.example", "https://lumen.example/terms", "2026-11-20")

    def api_url(self, page: int) -> str:
        return urljoin(self.base_url, "/api/photos?" + urlencode({"q": self.query, "page": page}))

    def items(self, data: Any) -> list[dict[str, Any]]:
        return data["photos"]

    def next_page(self, data: Any, page: int) -> str | None:
        return self.api_url(page + 1) if data["more"] else None

    def design(self, item: dict[str, Any]) -> Design:
        sizes = [Rendition(url, int(width)) for width, url in item["sizes"].items()]
        return self.make(
            item["id"], item["page"], sizes, license_of(item["license"]), title=item["title"], author=item["author"],
            width=item["width"], height=item["height"], thumbnail=item["sizes"]["400"],
        )  # fmt: skip
