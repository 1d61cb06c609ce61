"""Answers of programs: JSON and XML. A small one may be an error told with status 200."""

import re
from typing import Any

import orjson

from crawler.core.verdicts import challenges
from crawler.core.verdicts.redirects import moved
from crawler.core.verdicts.words import Judgement, Verdict

SMALL = 8_192  # bytes; an answer with goods in it is longer
NOTHING = (b"null", b"false", b'""')
_ERRORS = ("error", "errors", "fault", "exception", "errormessage", "error_message", "errorcode", "errortext",
           "message", "detail", "msg", "ret", "reason")  # fmt: skip
_PROBLEMS = (*_ERRORS, "title")  # where the answer also says that it failed
_STATES = ("status", "statuscode", "status_code", "code", "httpstatus")
_SOLD = ("price", "sku", "products", "items")
_TARGETS = ("redirect", "redirecturl", "redirect_url", "location")
_XML_ERROR = re.compile(rb"<(?:\w+:)?(?:Error|Fault|ErrorResponse|Exception)[\s>]", re.I)
_ABSENT = re.compile(
    r"not[\s_-]?found|no such|does(?: not|n't) exist|no longer|\b404\b|\b410\b|unknown (?:product|item)|no route", re.I
)
_REFUSED = re.compile(
    r"forbidden|denied|access ?denied|unauthori[sz]ed|unauthenticated|not authori[sz]ed|log ?in first|rate.?limit|"
    r"too many|throttl|quota|blocked|captcha|\bbot\b|\b40[13]\b|\b429\b",
    re.I,
)


def judge_json(body: bytes, start: bytes) -> Judgement:
    """`start` is the body's beginning without white space."""
    if start.rstrip() in NOTHING:
        return Verdict.empty, "an answer of nothing"
    closed = body[-64:].rstrip()[-1:] == (b"}" if start[:1] == b"{" else b"]")
    if not closed:
        return Verdict.partial, "JSON cut short"
    return (_small(body) if len(body) < SMALL else None) or (Verdict.ok, "")


def judge_xml(body: bytes) -> Judgement:
    if len(body) < SMALL and _XML_ERROR.search(body[:400]):
        return _said(" ".join(re.sub(r"<[^>]*>", " ", body.decode("utf-8", "replace")).split()))
    return (Verdict.ok, "") if body[-64:].rstrip()[-1:] == b">" else (Verdict.partial, "XML cut short")


def _small(body: bytes) -> Judgement | None:
    sign = challenges.in_markup(body)
    if sign:
        return Verdict(sign[0]), sign[1]
    try:
        told = orjson.loads(body)
    except ValueError:
        return None
    return _error({name.lower(): value for name, value in told.items()}) if isinstance(told, dict) else None


def _error(told: dict[str, Any]) -> Judgement | None:
    """An object that tells an error, or leads elsewhere, and nothing of any good."""
    failed = _failed(told)
    said = next((told[name] for name in (_PROBLEMS if failed else _ERRORS) if told.get(name)), None)
    target = next((told[name] for name in _TARGETS if isinstance(told.get(name), str)), None)
    if not (said or failed or target) or any(told.get(name) for name in _SOLD) or not _only_errors(told):
        return None
    if target and not said:
        return _elsewhere(target)
    return _said(orjson.dumps(told).decode()[:400])


def _failed(told: dict[str, Any]) -> bool:
    codes = {told[name] for name in _STATES if isinstance(told.get(name), int)}
    return any(400 <= code < 600 for code in codes) or told.get("ok") is False or told.get("success") is False


def _said(words: str) -> Judgement:
    if _REFUSED.search(words):
        return Verdict.blocked, f"says {words[:80]}"
    if _ABSENT.search(words):
        return Verdict.not_found, f"says {words[:80]}"
    return Verdict.error, f"says {words[:80]}"


def _elsewhere(target: str) -> Judgement:
    sign = challenges.from_url(target)
    return (Verdict(sign[0]), sign[1]) if sign else (Verdict.moved, moved("", target) or "leads elsewhere")


def _only_errors(told: dict[str, Any]) -> bool:
    """Beside the error there are only small things: a status, an id, a time, fields without a value."""
    rest = [value for name, value in told.items() if name not in _ERRORS]
    return not any(_holds(value) for value in rest if isinstance(value, dict | list))


def _holds(value: Any) -> bool:
    """Is there any word in it?"""
    if isinstance(value, dict | list):
        return any(map(_holds, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and bool(value)
