"""Demo picture source that nests what others keep flat; asks for credit, allows hot-links."""

from typing import Any

from crawler.bases.licence import license_of
from crawler.core.models import Design, Rendition
from crawler.core.terms import Terms
from crawler.demo.photos import PhotosSpider


class AtticSpider(PhotosSpider):
    name = "attic"
    terms = Terms("Attic", "https://attic.example", "https://attic.example/terms", "2026-11-20")

    def design(self, item: dict[str, Any]) -> Design:
        size, renditions = item["dimensions"], item["renditions"]
        return self.make(
            item["id"], item["page"], [Rendition(url, int(width)) for width, url in renditions.items()],
            license_of(item["license"]), title=item["title"], author=item["owner"]["name"], width=size["width"],
            height=size["height"], thumbnail=renditions["400"],
        )  # fmt: skip
