"""What flaps is judged otherwise: it may be told once and as often more as damping lets pass at once, and where it comes
to rest must be told, or be what was told last."""

from typing import TYPE_CHECKING

from bench.truth_world.timeline import ODD, RUNS, SHOP
from crawler.core.damping import FREE

if TYPE_CHECKING:
    from bench.truth_world.score import Event, Score, Truth


def calmed(score: "Score", events: list["Event"], truth: "Truth", fault: str) -> "Score":
    """The score of a sequence in which one field of one good flaps."""
    field, still = fault.split()[1].replace("stock", "availability"), max(run for run, _, _ in SHOP[fault])
    good = list(truth.goods)[ODD] if len(truth.goods) > ODD else ""
    score.missed = [m for m in score.missed if (m.product_id, m.field) != (good, field) or m.until == RUNS]
    score.told = [m for m in score.told if (m.product_id, m.field) != (good, field) or m.until == RUNS]
    told = [e for e in events if (e.change.product_id, e.change.field) == (good, field)]
    for variant in {e.change.variant for e in told}:
        restless = [e for e in told if e.run < still and e.change.variant == variant][1 + FREE :]
        score.false += [(event, "flaps") for event in restless]
        score.true -= len(restless)
    last = told[-1].change.new if told else good and truth.words(-1, good, field)
    for move in [m for m in score.missed if (m.product_id, m.field, m.value) == (good, field, last)]:
        score.missed.remove(move)
        score.told.append(move)
    return score
