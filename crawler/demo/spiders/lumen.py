"""Demo picture source with flat JSON; asks for credit, allows hot-links."""

from typing import Any

from crawler.bases.licence import license_of
from crawler.core.models import Design, Rendition
from crawler.core.terms import Terms
from crawler.demo.photos import PhotosSpider


class LumenSpider(PhotosSpider):
    name = "lumen"
    terms = Terms("Lumen", "https://lumen.example", "https://lumen.example/terms", "2026-11-20")

    def design(self, item: dict[str, Any]) -> Design:
        sizes = [Rendition(url, int(width)) for width, url in item["sizes"].items()]
        return self.make(
            item["id"], item["page"], sizes, license_of(item["license"]), title=item["title"], author=item["author"],
            width=item["width"], height=item["height"], thumbnail=item["sizes"]["400"],
        )  # fmt: skip
