"""Outcomes as lines: one per fault, one per retailer, one in total; what of it misses the goals."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bench.truth_world.outcome import AT_ONCE, Outcome
from bench.truth_world.score import Score

PRECISION, RECALL = 1.0, 0.99


class Row(NamedTuple):
    kind: str
    name: str
    figures: dict[str, Any]


def row(kind: str, name: str, outcomes: Mapping[str, Outcome]) -> Row:
    score, rival = Score(), Score()
    for outcome in outcomes.values():
        score.add(outcome.score)
        rival.add(outcome.rival)
    due = {n: o for n, o in outcomes.items() if o.due}
    silent = [n for n, o in due.items() if o.alarm != AT_ONCE]
    groundless = [n for n, o in outcomes.items() if o.sound and o.alarm is not None]
    figures = {
        kind: name, "sequences": len(outcomes), **score.figures(),
        "wrong_in_store": sum(len(o.stored_wrong) for o in outcomes.values()),
        "alarms_due": len(due), "alarms_in_first_run": len(due) - len(silent), "silent": silent, "groundless": groundless,
        "naive": {"precision": round(rival.precision, 4), "recall": round(rival.recall, 4)},
    }  # fmt: skip
    return Row(kind, name, {key: value for key, value in figures.items() if value != []})


def goals(rows: list[Row]) -> list[str]:
    """What is missed, in words."""
    missed = []
    for _, name, figures in rows:
        if figures["precision"] < PRECISION:
            missed.append(f"{name}: {figures['false']} false changes")
        if figures["recall"] < RECALL:
            missed.append(f"{name}: recall {figures['recall']}")
        missed += [f"{name}: {figures['wrong_in_store']} wrong in the store"] if figures["wrong_in_store"] else []
        missed += [f"{name}: no alarm for {' '.join(figures['silent'])}"] if "silent" in figures else []
        missed += (
            [f"{name}: alarm without cause for {' '.join(figures['groundless'])}"] if "groundless" in figures else []
        )
    return missed


GROUPS = {
    "none": "nothing wrong", "captured": "captured block pages, with their status and with 200", "wall": "block, consent, log-in and error pages, with their status and with 200",
    "redirected": "sent elsewhere", "cut": "page cut at 20–90 %", "glitch": "price wrong for one fetch",
}  # fmt: skip


def grouped(by_fault: Mapping[str, Mapping[str, Outcome]]) -> list[Row]:
    """Faults that are alike in one row."""
    found: dict[str, dict[str, Outcome]] = {}
    for fault, outcomes in by_fault.items():
        group = next((text for word, text in GROUPS.items() if fault.startswith(word)), fault)
        found.setdefault(group, {}).update({f"{retailer} {fault}": o for retailer, o in outcomes.items()})
    return [row("group", name, outcomes) for name, outcomes in found.items()]


def text_table(rows: list[Row]) -> str:
    """For docs/figures.md."""
    lines = ["| | events | false | real changes | missed | latest after | alarms due / in the first run | plain tracker: precision / recall |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for _, name, f in rows:
        alarms = f"{f['alarms_due']} / {f['alarms_in_first_run']}" if f["alarms_due"] else "–"
        plain = f"{f['naive']['precision']:.2f} / {f['naive']['recall']:.2f}"
        lines.append(
            f"| {name} | {f['events']} | {f['false']} | {f['moves']} | {f['missed']} | {f['latest_runs']} runs | {alarms} | {plain} |"
        )
    return "\n".join(lines)
