"""The words of a judgement."""

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


Judgement = tuple[Verdict, str]  # with the reason
