"""What the two demo picture sources have in common: their API; they word a photo differently."""

from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.bases.image_api import ImageApiSpider


class PhotosSpider(ImageApiSpider):
    base_url = "http://127.0.0.1:1"
    per_page = 11
    pace = picture_pace = 0.02

    def api_url(self, page: int) -> str:
        return urljoin(self.base_url, "/api/photos?" + urlencode({"q": self.query, "page": page}))

    def items(self, data: Any) -> list[dict[str, Any]]:
        return data["photos"]

    def next_page(self, data: Any, page: int) -> str | None:
        return self.api_url(page + 1) if data["more"] else None
