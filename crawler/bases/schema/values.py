"""The loose values schema.org allows: one or many, text or object, short or full names."""

import re
from typing import Any

Thing = dict[str, Any]


def one(value: Any) -> Any:
    """The first of a list, or the value itself."""
    return (value[0] if value else None) if isinstance(value, list) else value


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def types(thing: Any) -> set[str]:
    """Short type names of an item, whatever form `@type` has."""
    named = many(thing.get("@type")) if isinstance(thing, dict) else []
    return {t.rstrip("/").replace("#", "/").rpartition("/")[2].rpartition(":")[2] for t in named if isinstance(t, str)}


def word(value: Any) -> str | None:
    """The text of a value that may be a string, a number, or an object with a name."""
    if value is None or type(value) is str:
        return value
    value = one(value)
    if isinstance(value, dict):
        value = one(value.get("name") or value.get("value") or value.get("@value") or value.get("@id"))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def code(text: str) -> str:
    """An article number as urls write it: letters and digits only."""
    return re.sub(r"[\W_]", "", text).lower()
