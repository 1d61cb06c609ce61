"""The parts of many tiles by one search over the page: a search per tile and part costs more than parsing the page."""

from typing import Any

Tile = dict[str, Any]


def tiles(root: Any, tile: str, **parts: str) -> list[Tile]:
    """Each tile as {"tile": node, <part>: its first node}; a part that is not there is left out.

    Every selector must end in `tag`, `.class` or `tag.class`, by which what was found is told apart; tiles don't nest.
    """
    names = {_last(selector): name for name, selector in {"tile": tile, **parts}.items()}
    found: list[Tile] = []
    known: dict[tuple[str, str], str | None] = {}  # tiles are alike: most nodes look like one seen before
    for node in root.css(", ".join([tile, *parts.values()])):
        look = node.tag, node.attrs.get("class") or ""
        if look not in known:
            known[look] = _name(names, *look)
        name = known[look]
        if name == "tile":
            found.append({"tile": node})
        elif found and name is not None:
            found[-1].setdefault(name, node)
    return found


def _last(selector: str) -> tuple[str, str]:
    """(tag or "", class or "") of a selector's last part."""
    tag, _, cls = selector.split()[-1].lstrip(">").partition(".")
    return tag, cls


def _name(names: dict[tuple[str, str], str], tag: str, classes: str) -> str | None:
    for cls in classes.split():
        name = names.get((tag, cls)) or names.get(("", cls))
        if name:
            return name
    return names.get((tag, ""))
