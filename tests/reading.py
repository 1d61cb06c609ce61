"""Saved pages through the real spiders, field by field: shared by the fixture and the capture suites."""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

from crawler.bases.reading import read_saved
from crawler.spiders import images, retailers

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
CAPTURES = HERE.parent.parent / "shared" / "captures"


def spiders() -> dict[str, type]:
    """Every spider class by name, found as Scrapy finds them."""
    found = {}
    for room in (retailers, images):
        for info in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
            module = importlib.import_module(info.name)
            found |= {c.name: c for c in vars(module).values()
                      if isinstance(c, type) and c.__module__ == info.name and getattr(c, "name", None)}  # fmt: skip
    return found


def read(name: str, body: bytes, request: dict[str, Any]) -> dict[str, Any]:
    spider = spiders()[name](**{"query": "sofa", **request.get("args", {})})
    return read_saved(spider, body, request["url"], request.get("status", 200), request.get("headers"))


def compare(got: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Every difference as `items[2].price: expected '10.00', got '9.00'`. Expected items name the fields they check
    and are matched by `id`; `count` is the exact number of items."""
    wrong = [
        f"{key}: expected {expected[key]!r}, got {got[key]!r}"
        for key in ("verdict",)
        if key in expected and got[key] != expected[key]
    ]
    if "count" in expected and len(got["items"]) != expected["count"]:
        wrong.append(f"count: expected {expected['count']}, got {len(got['items'])}")
    by_id = {item["id"]: item for item in got["items"]}
    for item in expected.get("items", []):
        found = by_id.get(item["id"])
        if found is None:
            wrong.append(f"{item['id']}: missing; have {sorted(by_id)[:5]}")
            continue
        wrong += [
            f"{item['id']}.{f}: expected {v!r}, got {found.get(f)!r}" for f, v in item.items() if found.get(f) != v
        ]
    wrong += [
        f"request {u}: missing" for u in expected.get("requests", []) if u not in [r["url"] for r in got["requests"]]
    ]
    return wrong


def load(path: Path) -> Any:
    return json.loads(path.read_text())
