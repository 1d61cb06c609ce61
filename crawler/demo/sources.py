"""The JSON of the two demo picture sources. They speak alike; attic nests what lumen keeps flat, as real ones do."""

from typing import Any

from crawler.demo.world import Picture, pictures

PER_PAGE = 11
URLS = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "by": "https://creativecommons.org/licenses/by/4.0/",
    "by-sa": "https://creativecommons.org/licenses/by-sa/4.0/",
}


def answer(source: str, query: str, page: int, base: str) -> dict[str, Any]:
    found = [p for p in pictures(source) if all(w in p.title.lower() for w in query.lower().split())]
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {"total": len(found), "page": page, "more": len(found) > page * PER_PAGE,
            "photos": [_photo(p, base) for p in shown]}  # fmt: skip


def _photo(picture: Picture, base: str) -> dict[str, Any]:
    sizes = {str(w): f"{base}/photos/{picture.id}-{w}.jpg" for w in (400, 800, picture.width)}
    flat = {
        "id": picture.id,
        "title": picture.title,
        "page": f"{base}/view/{picture.id}",
        "license": URLS[picture.license],
    }
    size = {"width": picture.width, "height": picture.height}
    if picture.source == "attic":
        return flat | {"owner": {"name": picture.author}, "dimensions": size, "renditions": sizes}
    return flat | size | {"author": picture.author, "sizes": sizes}
