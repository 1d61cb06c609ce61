"""Objects in a page's states that describe a good, and which of them the page is about."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from crawler.bases import read
from crawler.bases.schema.identity import SHORT, Identity, path, words
from crawler.bases.schema.product import text
from crawler.bases.schema.values import code, word
from crawler.bases.state.words import identifies, meanings

DICTS = 20_000  # objects of one page that are looked at
REFERENCES = 3  # levels of an object in which references are followed
NAME = 300  # characters; longer text is prose
Thing = dict[str, Any]
_FULL = re.compile(r"[a-z]+:|/|\./", re.I)


class Claim(NamedTuple):
    """How well an object fits the page, the strongest sign first."""

    by_url: bool
    by_id: bool
    by_name: bool


NO_CLAIM = Claim(False, False, False)


def objects(states: Any) -> Iterator[Thing]:
    """Every object inside, outermost first, in document order; references of a cache (`{"__ref": "Price:1"}`) lead to
    what they name."""
    todo, seen, caches = [states], 0, list[Thing]()
    while todo and seen < DICTS:
        item = todo.pop()
        if isinstance(item, dict):
            seen += 1
            if "ROOT_QUERY" in item:
                caches.append(item)
            yield _resolved(item, caches, REFERENCES) if caches else item
            todo.extend(v for v in reversed(item.values()) if isinstance(v, dict | list))
        elif isinstance(item, list):
            todo.extend(v for v in reversed(item) if isinstance(v, dict | list))


def _resolved(value: Any, caches: list[Thing], depth: int) -> Any:
    """The value with its references, and those of what they name, filled in."""
    if isinstance(value, dict):
        reference = value.get("__ref") if len(value) == 1 else None
        if isinstance(reference, str):
            value = next((c[reference] for c in caches if reference in c), value)
        return (
            {k: _resolved(v, caches, depth - 1) for k, v in value.items()}
            if depth and isinstance(value, dict)
            else value
        )
    return [_resolved(v, caches, depth - 1) for v in value] if depth and isinstance(value, list) else value


def first(thing: Thing, meaning: str) -> Any:
    """The first field that by its name holds this and isn't empty."""
    return next((v for k, v in thing.items() if v and meaning in meanings(k)), None)


def named(thing: Thing) -> str | None:
    """The name of the good: a short text; of several fields the longest, which says most."""
    names = [
        v for k, v in thing.items() if isinstance(v, str) and v.strip() and "name" in meanings(k) and len(v) <= NAME
    ]
    return text(max(names, key=len)) if names else None


def codes(thing: Thing) -> list[str]:
    found = (word(v) for k, v in thing.items() if "id" in meanings(k) and isinstance(v, str | int) and v is not True)
    return [c for c in found if c]


def urls(thing: Thing, base: str) -> list[str]:
    """Absolute addresses the object says it has."""
    said = (v for k, v in thing.items() if "url" in meanings(k) and isinstance(v, str) and "/" in v)
    return [u for v in said if (u := read.absolute(base, v if _FULL.match(v) else f"/{v}"))]


def claim(page: Identity, thing: Thing, base: str) -> Claim:
    if not any(map(identifies, thing)):
        return NO_CLAIM
    slugs = {v.lower() for k, v in thing.items() if "slug" in meanings(k) and isinstance(v, str) and len(v) > SHORT}
    ends = {p.rpartition("/")[2] for p in page.paths}
    by_url = bool({path(u) for u in urls(thing, base)} & page.paths or slugs & ends)
    told = {code(c) for c in codes(thing)}
    by_id = any(c in page.ids and len(c) > SHORT and any(d.isdigit() for d in c) for c in told)
    return Claim(by_url, by_id, _same_name(page, words(named(thing) or "")))


def _same_name(page: Identity, name: str) -> bool:
    return bool(name) and (name in page.headings or (len(name) > 2 * SHORT and name in page.title))


def foreign(page: Identity, thing: Thing) -> bool:
    """Does it bear a name that shares too little with what the page says of itself?"""
    said = set(" ".join([*page.headings, page.title]).split())
    name = set(words(named(thing) or "").split())
    return bool(name and said) and len(name & said) * 2 < len(name)
