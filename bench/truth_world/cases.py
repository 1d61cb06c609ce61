"""Good pages of a retailer: invented ones from the fixtures and, where they are beside the checkout, real ones. What
they say is known without our readers: it was written or read by eye."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.truth_world.reading import Answer, Args, read, spider, spiders
from crawler.bases.document import Document
from tests.reading import CAPTURES, FIXTURES, compare, load
from tests.reading import read as read_case

LISTED = Path(__file__).parents[2] / "tests" / "captures"
LONGEST = 800_000  # bytes; each page is read some hundred times, and larger ones take half a second
REAL = {"product": 3, "listing": 1}  # so many real pages of a retailer, beside all its invented ones


class Case(NamedTuple):
    retailer: str
    name: str
    kind: str  # product or listing
    args: Args
    answer: Answer
    real: bool = False


def retailers(captures: bool) -> list[str]:
    """Every retailer with good pages, in order of name."""
    shops = [n for n, c in spiders().items() if c.__module__.startswith("crawler.spiders.retailers.")]
    return sorted(n for n in shops if any(True for _ in _listed(n, captures)))


def cases(retailer: str, captures: bool) -> list[Case]:
    """Pages that are read as they were written: what is misread at rest is for the suites of fixtures and captures."""
    found = []
    for name, path, request, expected in _listed(retailer, captures):
        body = path.read_bytes()
        if len(body) > LONGEST or compare(read_case(retailer, body, request), expected):
            continue
        args = tuple(sorted(request.get("args", {}).items()))
        headers = tuple(sorted(request.get("headers", {}).items()))
        answer = Answer(request["url"], body, 200, headers)
        kind = spider(retailer, args).kind(Document(answer.url, body, 200, dict(headers)))
        if kind in ("product", "listing") and read(retailer, args, answer).products:
            found.append(Case(retailer, name, kind, args, answer, real=CAPTURES in path.parents))
    return [case for case in found if not case.real or case in _some([c for c in found if c.real], case.kind)]


def _some(real: list[Case], kind: str) -> list[Case]:
    """The smallest of a kind."""
    return sorted((c for c in real if c.kind == kind), key=lambda c: (len(c.answer.body), c.name))[: REAL[kind]]


def _listed(retailer: str, captures: bool) -> Iterator[tuple[str, Path, dict[str, Any], dict[str, Any]]]:
    """(name, file, request, expected reading) of pages that are what they claim to be."""
    for folder in sorted((FIXTURES / retailer).glob("*/")):
        files = sorted(folder.glob("page.*"))
        if files and (folder / "expected.json").exists():
            yield folder.name, files[0], load(folder / "request.json"), load(folder / "expected.json")
    listed = LISTED / f"{retailer}.json"
    for case in load(listed) if captures and CAPTURES.is_dir() and listed.exists() else []:
        yield Path(case["file"]).stem, CAPTURES / case["file"], case, case
