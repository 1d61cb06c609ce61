"""What is known of each source: what a worker told of it, and how its last run went."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crawler.core.breaker import State
from crawler.core.drift.memory import Alarm
from crawler.core.drift.standings import standings, usual_figures, worst
from crawler.core.models.jobs import SourceInfo
from crawler.core.public import iso
from crawler.core.store import SourceRun, Store

RECENT = 200  # newest runs in which sources without a worker are looked for


async def source_health(
    store: Store, told: Sequence[SourceInfo] | None, circuits: Mapping[str, State] | None
) -> list[dict[str, Any]]:
    """By name. `told` and `circuits` (by host) are None when Redis does not answer. Raises StoreError."""
    infos = {info.name: info for info in told or ()}
    odd = await standings(store)
    ran = {run.source for run in await store.runs(limit=RECENT)}
    names = sorted(infos.keys() | ran | {standing.source for standing in odd})
    last = await asyncio.gather(*(store.runs(name, limit=1) for name in names))
    drift = await asyncio.gather(*(_drift(store, [s for s in odd if s.source == name]) for name in names))
    return [_source(name, infos.get(name), runs[0] if runs else None, told is not None) | state
            | {"circuits": _circuits(infos.get(name), circuits)}
            for name, runs, state in zip(names, last, drift, strict=True)]  # fmt: skip


async def _drift(store: Store, odd: Sequence[Alarm]) -> dict[str, Any]:
    """How the source's pages look, and its sites that are not healthy."""
    first = min((standing.at for standing in odd), default=0.0)
    sites = [{"site": s.site, "state": s.state, "reasons": s.reasons, "since": iso(s.at),
              "usual": await usual_figures(store, s)} for s in odd]  # fmt: skip
    reasons = list(dict.fromkeys(reason for standing in odd for reason in standing.reasons))
    return {"state": worst(odd), "reasons": reasons, "since": iso(first), "sites": sites}


def _circuits(info: SourceInfo | None, circuits: Mapping[str, State] | None) -> list[dict[str, Any]] | None:
    """Those of its hosts that are not asked now."""
    if circuits is None:
        return None
    told = {host: circuits[host] for host in (info.hosts if info else ()) if host in circuits}
    return [{"site": host, **msgspec.structs.asdict(state)} for host, state in told.items() if state.state != "closed"]


def alarm_json(alarm: Alarm) -> dict[str, Any]:
    return {"source": alarm.source, "site": alarm.site, "state": alarm.state, "was": alarm.was,
            "reasons": alarm.reasons, "at": iso(alarm.at)}  # fmt: skip


def _source(name: str, info: SourceInfo | None, run: SourceRun | None, known: bool) -> dict[str, Any]:
    terms = info.terms if info else {}
    return {
        "name": name,
        "worker": info is not None if known else None,
        **{f: getattr(info, f, None) for f in ("kind", "home", "searchable", "robots", "key", "pace", "currency")},
        "hosts": info.hosts if info else [],
        "routes": info.routes if info else [],
        "terms": terms,
        "fees": info.fees if info else {},
        "quota": {"per_minute": terms.get("per_minute"), "per_day": terms.get("per_day")},
        "status": run.status if run else "unknown",
        "last_run": _run(run) if run else None,
    }


def _run(run: SourceRun) -> dict[str, Any]:
    fields = {f: getattr(run, f) for f in SourceRun.__struct_fields__ if f != "source"}
    return fields | {"started_at": iso(run.started_at), "finished_at": iso(run.finished_at)}
