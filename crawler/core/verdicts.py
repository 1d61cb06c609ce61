"""Is this page what it claims to be? Asked before anything is read: only `ok` may change a product."""

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    ok = "ok"
    blocked = "blocked"
    captcha = "captcha"
    consent = "consent"
    not_found = "not_found"
    moved = "moved"
    empty = "empty"
    partial = "partial"
    drifted = "drifted"
    error = "error"


def judge(status: int, headers: Mapping[str, str], asked: str, url: str, body: bytes) -> tuple[Verdict, str]:
    """(verdict, reason). `headers` have lower-case names; `asked` is the url first requested, `url` where it ended."""
    if status in (404, 410):
        return Verdict.not_found, f"status {status}"
    if status >= 400:
        return Verdict.error, f"status {status}"
    return Verdict.ok, ""
