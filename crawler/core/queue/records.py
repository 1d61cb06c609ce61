"""Jobs and events as they stand in Redis."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import msgspec

from crawler.core.models.jobs import Job, JobEvent, JobKind, Priority, SourceProgress
from crawler.core.store.words import terms

CLASSES: tuple[Priority, ...] = ("person", "recheck", "scheduled")
SOURCE = b"source:"

_job = msgspec.json.Decoder(Job)
_event = msgspec.json.Decoder(JobEvent)
_progress = msgspec.json.Decoder(SourceProgress)


def search_key(
    kind: JobKind, query: str = "", args: Mapping[str, str] | None = None, sources: Iterable[str] = ()
) -> str:
    """One name for everything that asks the same: 32 hex digits. The key of a search's freshness document."""
    asked = [kind, terms(query) or query.strip(), sorted((args or {}).items()), sorted(set(sources))]
    return sha256(msgspec.json.encode(asked)).hexdigest()[:32]


def read_job(flat: Sequence[bytes] | Mapping[bytes, bytes]) -> Job:
    """From the fields of `homefeed:jobs:<id>`. Sources that a job's end cut short say so."""
    fields = dict(flat) if isinstance(flat, Mapping) else dict(zip(flat[::2], flat[1::2], strict=True))
    job = _job.decode(fields[b"job"])
    job.priority = CLASSES[int(fields[b"class"])]
    job.state = fields[b"state"].decode()  # type: ignore[assignment]
    job.created_at = float(fields[b"created_at"])
    job.started_at = _time(fields.get(b"started_at"))
    job.finished_at = _time(fields.get(b"finished_at"))
    job.attempts, job.count = int(fields.get(b"attempts", 0)), int(fields.get(b"count", 0))
    job.reason = fields.get(b"reason", b"").decode()
    found = [_progress.decode(value) for key, value in fields.items() if key.startswith(SOURCE)]
    job.progress = {source.name: _cut_short(job, source) for source in found}
    return job


def _cut_short(job: Job, source: SourceProgress) -> SourceProgress:
    if job.over and not source.over:
        source.status, source.reason = ("cancelled" if job.state == "cancelled" else "error"), job.reason
    return source


def _time(value: bytes | None) -> float | None:
    return None if value is None else float(value)


def read_event(position: bytes, fields: Mapping[bytes, bytes]) -> JobEvent:
    event = _event.decode(fields[b"data"])
    event.position = position.decode()
    return event


def event_args(event: JobEvent) -> list[str | bytes | int]:
    """An event as arguments of the report script."""
    if event.type == "progress":
        assert event.source is not None
        return ["progress", event.source.name, msgspec.json.encode(event.source)]
    if event.type == "done":
        return ["done", event.state or "done", event.reason]
    args: list[str | bytes | int] = ["item", len(event.items)]
    for item in event.items:
        args += [str(item["id"]), msgspec.json.encode(item)]
    return args
