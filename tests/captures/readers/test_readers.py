"""Product pages of shops that have no spider of their own, through the general readers and their vote. What a shopper
sees on each was read by eye; `disputed` names the fields on which the page contradicts itself."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.bases import structured, visible
from crawler.bases.document import Document
from crawler.bases.facts import vote
from crawler.core.public import product_json
from tests.reading import CAPTURES, load

CASES = load(Path(__file__).with_name("pages.json"))
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


def product(case: dict[str, Any]) -> dict[str, Any]:
    doc = Document(case["url"], (CAPTURES / case["file"]).read_bytes())
    seen = visible.product_facts(doc)
    readers = [*structured.product_facts(doc), *([seen] if seen else [])]
    readers[0] = msgspec.structs.replace(readers[0], sku="page")
    voted = vote("shop", readers)
    return product_json(voted) | {"disputed": voted.evidence.disputed}


@pytest.mark.parametrize("case", CASES, ids=lambda c: Path(c["file"]).name)
def test_capture(case):
    got = product(case)
    variants = {o["variant"]: o["price"] for o in got["offers"] if o["variant"]}
    got |= {"variants": variants, "stars": got["rating"] and got["rating"]["value"]}
    assert {field: got[field] for field in case["expected"]} == case["expected"]
