"""Everything that goes wrong between a shop's truth and its page, by name and kind.

`wall`: another page in place of the one asked for. `structure`: the shop was redesigned, or the page came in part.
`trap`: amounts that are not the price, words of machines that are wrong. `moment`: only some fetches are wrong. `shop`:
the shop itself does something odd (its stock flaps, a good goes away), which is part of the truth. `neighbour`: another shop in the same store is redesigned.
"""

from collections.abc import Callable
from typing import NamedTuple

from bench.truth_world import structure, traps, walls
from bench.truth_world.reading import Answer
from crawler.core.settle import JUMP


class Scene(NamedTuple):
    """What a fault may know of the page it spoils. `ids`: article numbers of a listing's tiles. `other`: the page of
    another good of the shop."""

    kind: str
    price: int
    currency: str
    ids: tuple[str, ...]
    other: Answer | None


NEIGHBOUR = "another source redesigned"
LISTED = 8  # tiles; of a shorter list one tile is not odd
Spoil = Callable[[Answer, Scene], Answer | None]  # None: this page can't have the fault
When = Callable[[int, int, bool], bool]  # (run of the sequence, place of the page in it, whether a second fetch)


class Fault(NamedTuple):
    name: str
    kind: str
    spoil: Spoil
    when: When


def persistent(run: int, place: int, second: bool) -> bool:
    """Two runs on every page, later one run on every other page."""
    return run in (1, 2) or (run == 5 and place % 2 == 0)


def for_long(run: int, place: int, second: bool) -> bool:
    """Four runs, more than a day."""
    return 1 <= run <= 5


def once(run: int, place: int, second: bool) -> bool:
    """The first fetch of every fourth page in two runs; who looks again sees the truth."""
    return run in (1, 5) and place % 4 == 1 and not second


def second_only(run: int, place: int, second: bool) -> bool:
    return run <= 5 and second


def never(run: int, place: int, second: bool) -> bool:
    return False


def table(captures: bool) -> list[Fault]:
    sound = [Fault("none", "none", unspoiled, never), Fault(NEIGHBOUR, "neighbour", unspoiled, never)]
    return [*sound, *_walls(captures), *_structure(), *_traps(), *_moments(), *_shop()]


def unspoiled(answer: Answer, scene: Scene) -> Answer:
    return answer


def redesign() -> Fault:
    """What happens to the neighbour."""
    return next(fault for fault in _structure() if fault.name == "redesigned")


def few(faults: list[Fault]) -> list[Fault]:
    """A third of the walls and of the cuts; they are all alike."""
    many = [f for f in faults if f.kind == "wall" or f.name.startswith("cut")]
    return [f for f in faults if f not in many or f in many[::3]]


def _walls(captures: bool) -> list[Fault]:
    found = [Fault(name, "wall", _in_place(wall), persistent) for name, wall in walls.walls(captures).items()]
    sent = {"home": walls.home, "login": walls.login, "category": walls.category}
    found += [Fault(f"redirected: {name}", "wall", _sent(go), persistent) for name, go in sent.items()]
    found.append(Fault("redirected: another good", "wall", _elsewhere, persistent))
    found.append(Fault("404 for a day", "wall", _in_place(walls.walls(False)["wall 404"]), for_long))
    return found


def _in_place(wall: Answer) -> Spoil:
    return lambda answer, scene: wall._replace(url=answer.url)


def _sent(go: Callable[[Answer], Answer]) -> Spoil:
    """From a search to a category is a shop's way of answering it."""
    return lambda answer, scene: go(answer) if scene.kind == "product" or go is not walls.category else None


def _elsewhere(answer: Answer, scene: Scene) -> Answer | None:
    return scene.other and scene.other._replace(asked=answer.url) if scene.kind == "product" else None


def _in_its_place(answer: Answer, scene: Scene) -> Answer | None:
    return scene.other and scene.other._replace(url=answer.url) if scene.kind == "product" else None


def _structure() -> list[Fault]:
    plain = {
        "classes renamed": structure.classes_renamed, "ids and data renamed": structure.marks_renamed,
        "JSON-LD removed": structure.jsonld_removed, "state removed": structure.state_removed,
        "keys of the state renamed": structure.keys_renamed, "redesigned": structure.redesigned,
    }  # fmt: skip
    found = [Fault(name, "structure", lambda a, s, f=f: f(a), persistent) for name, f in plain.items()]
    for name, cut, percents in (
        ("", structure.cut, range(20, 100, 10)),
        (", closed", structure.cut_and_closed, (30, 60, 90)),
    ):
        found += [
            Fault(f"cut at {n} %{name}", "structure", lambda a, s, n=n, f=cut: f(a, n), persistent) for n in percents
        ]
    found.append(Fault("list of 1", "structure", _one_tile, persistent))
    return found


def _one_tile(answer: Answer, scene: Scene) -> Answer | None:
    return structure.one_tile(answer, scene.ids) if scene.kind == "listing" and len(scene.ids) >= LISTED else None


def _traps() -> list[Fault]:
    plain = {
        "related goods first": traps.related_first, "related JSON-LD first": traps.related_jsonld_first,
        "related in own clothes": traps.related_in_own_clothes, "EMI before the price": traps.emi_first,
        "coupon before the price": traps.coupon_first, "used before the price": traps.used_first,
        "JSON-LD price wrong": traps.jsonld_wrong, "JSON-LD stock wrong": traps.stock_wrong,
    }  # fmt: skip
    found = [Fault(name, "trap", lambda a, s, f=f: _on_product(f, a, s), persistent) for name, f in plain.items()]
    swap = Fault("currency swapped", "trap", lambda a, s: traps.currency_swapped(a, s.price, s.currency), persistent)
    return [*found, swap, Fault("another good's page in place", "trap", _in_its_place, persistent)]


def _on_product(trap: Callable[[Answer, int, str], Answer | None], answer: Answer, scene: Scene) -> Answer | None:
    return trap(answer, scene.price, scene.currency) if scene.kind == "product" and not answer.is_json else None


def _moments() -> list[Fault]:
    found = [
        Fault(f"glitch: price x {x:g}", "moment", lambda a, s, x=x: _glitch(a, s, x), once)
        for x in (0.01, 0.1, 0.5, 10)
    ]
    wall = walls.walls(False)["wall cloudflare"]
    found.append(Fault("second fetch blocked", "moment", _in_place(wall), second_only))
    found.append(Fault("sold out for one fetch", "moment", _sold_out, once))
    return found


def _glitch(answer: Answer, scene: Scene, factor: float) -> Answer | None:
    whole, cents = divmod(scene.price, 100)
    wrong = {scene.price: max(1, round(whole * factor)) * 100 + cents}
    if abs(wrong[scene.price] - scene.price) <= JUMP * scene.price:
        return None  # of so cheap a good half the price in whole units is a price like any other
    return answer.says(traps.edit.amounts(answer.text, wrong, scene.currency)) if scene.kind == "product" else None


def _sold_out(answer: Answer, scene: Scene) -> Answer | None:
    return answer.says(traps.edit.sold_out(answer.text)) if scene.kind == "product" else None


def _shop() -> list[Fault]:
    """What the shop does is in the timeline of its goods (`timeline.py`), under these names."""
    names = ("flapping stock", "flapping price", "slow slide", "good goes away")
    return [Fault(name, "shop", unspoiled, never) for name in names]
