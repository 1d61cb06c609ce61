"""Microdata in the same shape as JSON-LD: one dict per item, `@type`, `@id`, properties as string, dict or list.

Works from the annotated elements only (`[itemscope]`, `[itemprop]`), never from a walk over the whole tree."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

if TYPE_CHECKING:
    from crawler.bases.document import Document

Thing = dict[str, Any]

_URL_ATTRIBUTE = {
    "a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "embed": "src", "iframe": "src",
    "source": "src", "track": "src", "video": "src", "object": "data",
}  # fmt: skip
_VALUE_ATTRIBUTE = {"data": "value", "meter": "value", "time": "datetime"}


def microdata(doc: "Document") -> list[Thing]:
    """Every top-level item in page order; nested ones stand inside their owner."""
    scopes = doc.tree.css("[itemscope]")
    if not scopes:
        return []
    items = {scope.mem_id: _item(scope) for scope in scopes}
    owners = _Owners(items)
    nested = set()
    for prop in doc.tree.css("[itemprop]"):
        inner = items.get(prop.mem_id)
        found = [owner for owner in owners.of(prop) if owner is not inner]
        if inner is not None and found:
            nested.add(prop.mem_id)
            del found[1:]  # one owner for an item, so that itemref can't make a ring
        value = inner if inner is not None else _value(prop, doc.url)
        for owner in found:
            for name in (prop.attributes["itemprop"] or "").split():
                _add(owner, name, value)
    return [items[scope.mem_id] for scope in scopes if scope.mem_id not in nested]


class _Owners:
    """Which items a property belongs to: the nearest scope above it, or those whose `itemref` names it."""

    def __init__(self, items: dict[int, Thing]):
        self.items = items
        self.known: dict[int, list[Thing]] = {}
        self.referring: dict[str, list[Thing]] = {}
        for item in items.values():
            for ref in item.pop("itemref", "").split():
                self.referring.setdefault(ref, []).append(item)

    def of(self, prop: LexborNode) -> list[Thing]:
        return self._referring(prop) or self._above(prop.parent)

    def _above(self, node: LexborNode | None) -> list[Thing]:
        path, found = [], None
        while node is not None and found is None:
            path.append(node.mem_id)
            found = self._at(node)
            node = node.parent
        self.known.update(dict.fromkeys(path, found or []))
        return found or []

    def _at(self, node: LexborNode) -> list[Thing] | None:
        if node.mem_id in self.items:
            return [self.items[node.mem_id]]
        return self.known.get(node.mem_id) or self._referring(node) or None

    def _referring(self, node: LexborNode) -> list[Thing]:
        return self.referring.get(node.id or "", []) if self.referring else []


def _item(scope: LexborNode) -> Thing:
    attributes = scope.attributes
    item: Thing = {}
    types = [t.rstrip("/").rpartition("/")[2] for t in (attributes.get("itemtype") or "").split()]
    if types:
        item["@type"] = types[0] if len(types) == 1 else types
    if attributes.get("itemid"):
        item["@id"] = attributes["itemid"]
    if attributes.get("itemref"):
        item["itemref"] = attributes["itemref"]
    return item


def _value(node: LexborNode, base: str) -> str:
    attributes = node.attributes
    content = attributes.get("content")
    if content is not None:
        return content.strip()
    tag = node.tag
    if tag in _URL_ATTRIBUTE:
        url = attributes.get(_URL_ATTRIBUTE[tag]) or attributes.get("data-src") or ""
        return _join(base, url.strip())
    value = attributes.get(_VALUE_ATTRIBUTE.get(tag, ""))
    return " ".join((node.text(separator=" ") if value is None else value).split())


def _join(base: str, url: str) -> str:
    if url.startswith(("https://", "http://")):
        return url
    if url.startswith("/") and not url.startswith("//") and "/." not in url:
        return base[: (base + "/").find("/", len("https://"))] + url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _add(item: Thing, name: str, value: Any) -> None:
    if name not in item:
        item[name] = value
    elif isinstance(item[name], list):
        item[name].append(value)
    else:
        item[name] = [item[name], value]
