"""What truly happens in a shop, run by run: which goods change, and how."""

from collections.abc import Callable

from bench.truth_world.goods import IN, OUT, Good, Listing, State
from bench.truth_world.stock import Stock
from crawler.core.models import Availability

STEP_S = 8 * 3600.0
FLAP_S = 1800.0  # between runs while something flaps
WARM, RUNS = 8, 10  # runs before a sequence, and in it
Move = Callable[[State, int], State]


def by(factor: float) -> Move:
    return lambda s, unit: s.scaled(factor, unit)


def to(availability: object) -> Move:
    return lambda s, unit: s.stock(availability)


def listed(factor: float) -> Move:
    return lambda s, unit: s.listed(factor, unit)


# (run, good, move); a run below zero is before the sequence. A tile is told by its listing: (run, tile, move).
GOODS: list[tuple[int, int, Move]] = [
    (-6, 0, by(1.06)), (-4, 1, by(0.9)), (-3, 5, by(1.12)),
    (0, 0, by(0.92)), (0, 1, by(0.55)), (0, 2, to(OUT)),
    (2, 3, by(0.91)), (2, 4, by(0.6)), (2, 2, to(IN)),
    (4, 5, listed(1.1)), (5, 1, by(1.07)), (5, 0, to(OUT)), (6, 6, by(1.5)),
]  # fmt: skip
TILES: list[tuple[int, int, Move]] = [
    (-5, 0, by(1.05)),
    (0, 1, by(0.95)),
    (2, 2, by(1.08)),
    (4, 3, by(0.94)),
    (5, 0, by(0.6)),
]
FLAPS = 5  # the last run in which something flaps
ODD = 4  # the good of which a shop's own oddities are told
SHOP: dict[str, list[tuple[int, int, Move]]] = {
    "flapping stock": [(run, ODD, to(IN if run % 2 else OUT)) for run in range(FLAPS + 1)],
    "flapping price": [(run, ODD, by(0.9 if run % 2 else 1 / 0.9)) for run in range(1, FLAPS + 1)],
    "slow slide": [(run, ODD, by(0.93)) for run in range(7)],
    "good goes away": [(1, ODD, to(Availability.discontinued))],
}


def moves(fault: str) -> list[tuple[int, int, Move]]:
    odd = SHOP.get(fault, [])
    return [move for move in GOODS if not odd or move[1] != ODD] + odd


def at_rest(stock: Stock) -> dict[str, State]:
    """Every good as its page says before anything moves."""
    return {g.id: g.base for g in stock.goods} | {i: s for x in stock.listings for i, s in x.base.items()}


class Timeline:
    """`states[run][product id]`: the truth, from run -WARM on. `skipped`: moves that no page could show."""

    def __init__(self, stock: Stock, fault: str):
        self.skipped, self.step = 0, FLAP_S if fault.startswith("flapping") else STEP_S
        self.states: dict[int, dict[str, State]] = {}
        now = at_rest(stock)
        for run in range(-WARM, RUNS):
            for at, n, move in moves(fault):
                if at == run and n < len(stock.goods):
                    self._move_good(now, stock.goods[n], move)
            for at, n, move in TILES:
                for listing in stock.listings if at == run else ():
                    self._move_tile(now, listing, n, move)
            if fault == "flapping price" and 2 <= run <= FLAPS and len(stock.goods) > ODD:
                good = stock.goods[ODD].id
                now[good] = self.states[run - 2][good]  # the very price of before
            self.states[run] = dict(now)

    def _move_good(self, now: dict[str, State], good: Good, move: Move) -> None:
        wanted = move(now[good.id], good.unit)
        away = wanted.availability is Availability.discontinued
        if wanted == now[good.id] or not (away or good.page(wanted)):
            self.skipped += 1
        else:
            now[good.id] = wanted

    def _move_tile(self, now: dict[str, State], listing: Listing, n: int, move: Move) -> None:
        movable = listing.movable()
        if n >= len(movable):
            self.skipped += 1
            return
        product_id = movable[n]
        wanted = move(now[product_id], 10**2)
        states = {i: now[i] for i in listing.base} | {product_id: wanted}
        if listing.page(states) is None:
            self.skipped += 1
        else:
            now[product_id] = wanted
