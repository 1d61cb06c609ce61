"""Answers of programs: JSON and XML. A small one may be an error told with status 200."""

import re
from typing import Any

import orjson

from crawler.core.verdicts import challenges
from crawler.core.verdicts.words import Judgement, Verdict

SMALL = 8_192  # bytes; an answer with goods in it is longer
_ERRORS = ("error", "errors", "fault", "exception", "errorMessage", "error_message", "errorCode", "message", "detail")
_GOODS = ("data", "results", "items", "products", "product", "listings", "hits", "variants")
_ABSENT = re.compile(
    r"not[\s_-]?found|no such|does(?: not|n't) exist|no longer|\b404\b|\b410\b|unknown (?:product|item)", re.I
)
_REFUSED = re.compile(
    r"forbidden|denied|unauthori[sz]ed|rate.?limit|too many|throttl|quota|blocked|captcha|\b40[13]\b|\b429\b", re.I
)


def judge_json(body: bytes, start: bytes) -> Judgement:
    """`start` is the body's beginning without white space."""
    closed = body[-64:].rstrip()[-1:] == (b"}" if start[:1] == b"{" else b"]")
    if not closed:
        return Verdict.partial, "JSON cut short"
    return (_small(body) if len(body) < SMALL else None) or (Verdict.ok, "")


def judge_xml(body: bytes) -> Judgement:
    return (Verdict.ok, "") if body[-64:].rstrip()[-1:] == b">" else (Verdict.partial, "XML cut short")


def _small(body: bytes) -> Judgement | None:
    sign = challenges.in_markup(body)
    if sign:
        return Verdict(sign[0]), sign[1]
    try:
        told = orjson.loads(body)
    except ValueError:
        return None
    return _error(told) if isinstance(told, dict) else None


def _error(told: dict[str, Any]) -> Judgement | None:
    """An object that tells an error and nothing of any good."""
    said = next((told[name] for name in _ERRORS if told.get(name)), None)
    if said is None or any(told.get(name) for name in _GOODS) or not _only_errors(told):
        return None
    words = orjson.dumps(told).decode()[:400]
    if _REFUSED.search(words):
        return Verdict.blocked, f"says {words[:80]}"
    if _ABSENT.search(words):
        return Verdict.not_found, f"says {words[:80]}"
    return Verdict.error, f"says {words[:80]}"


def _only_errors(told: dict[str, Any]) -> bool:
    """Beside the error there are only small things: a status, an id, a time."""
    rest = [value for name, value in told.items() if name not in _ERRORS]
    return not any(isinstance(value, dict | list) and value for value in rest)
