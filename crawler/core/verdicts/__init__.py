"""Is this page what it claims to be? Asked before anything is read: only `ok` may change a product.

In order: what the server says (status, headers, address), whether there is text at all, whether a challenge, a refusal
or an error page stands in the way, whether another page answered, whether the page is whole.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from crawler.core.verdicts import challenges
from crawler.core.verdicts.look import Look, describes_product, look
from crawler.core.verdicts.redirects import moved


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


Judgement = tuple[Verdict, str]
REFUSED = frozenset({403, 406, 418, 420, 429, 430, 451, 456, 493, 503, 509, 529, 999})
_BLANK = b"\xef\xbb\xbf \t\r\n"
EDGE = 10_000  # bytes at each end of a page in which the words of a block page are looked for


def judge(status: int, headers: Mapping[str, str], asked: str, url: str, body: bytes) -> Judgement:
    """(verdict, reason). `headers` have lower-case names; `asked` is the url first requested, `url` where it ended."""
    start = body[:1024].lstrip(_BLANK)
    binary = _is_binary(start)
    sign = challenges.from_headers(headers) or challenges.from_url(url)
    if status >= 300:
        return _refused(status, sign or (None if binary else _in_the_way(body, look(body))))
    if sign:
        return Verdict(sign[0]), sign[1]
    if not start and not body.strip():
        return Verdict.empty, "no body"
    if binary:
        return (Verdict.ok, "") if start.startswith(_GZIP) and url.endswith(".gz") else (Verdict.error, "not text")
    if start[:1] in (b"{", b"["):
        return _json(body)
    if start.startswith(b"<?xml") and b"<html" not in start.lower():
        return _xml(body)
    elsewhere = moved(asked, url)
    found = _content(body, url) or ((Verdict.moved, elsewhere) if elsewhere else _cut(headers, body))
    return found or (Verdict.ok, "")


def _refused(status: int, sign: challenges.Sign | None) -> Judgement:
    if status < 400:
        return Verdict.moved, f"status {status}"
    if sign:
        return Verdict(sign[0]), f"{sign[1]} (status {status})"
    if status in REFUSED:
        return Verdict.blocked, f"status {status}"
    return (Verdict.not_found if status in (404, 410) else Verdict.error), f"status {status}"


_GZIP = b"\x1f\x8b"
_MAGIC = (_GZIP, b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"%PDF", b"RIFF", b"\x28\xb5\x2f\xfd")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _is_binary(start: bytes) -> bool:
    return start.startswith(_MAGIC) or (b"\0" in start and not start.startswith(_UTF16))


def _json(body: bytes) -> Judgement:
    sign = challenges.in_markup(body) if len(body) < 4096 else None
    if sign:
        return Verdict(sign[0]), sign[1]
    closed = body[-64:].rstrip()[-1:] == (b"}" if body[:1024].lstrip(_BLANK)[:1] == b"{" else b"]")
    return (Verdict.ok, "") if closed else (Verdict.partial, "JSON cut short")


def _xml(body: bytes) -> Judgement:
    return (Verdict.ok, "") if body[-64:].rstrip()[-1:] == b">" else (Verdict.partial, "XML cut short")


def _in_the_way(body: bytes, seen: Look) -> challenges.Sign | None:
    """A challenge or a refusal: by words that no shop page has, by its headings, or by any mark of a bare page."""
    sign = challenges.anywhere(body if len(body) <= 2 * EDGE else body[:EDGE] + body[-EDGE:])
    if sign:
        return sign
    titled = next(filter(None, map(challenges.from_heading, seen.headings)), None)
    if titled and not describes_product(body):
        return titled
    if seen.text is None or seen.sells:
        return None
    marks = body if len(body) <= 8 * EDGE else body[: 6 * EDGE] + body[-2 * EDGE :]
    return challenges.in_markup(marks) or (challenges.in_text(seen.text) if len(seen.text) < 10_000 else None)


_NOT_FOUND = re.compile(
    r"(?:(?:error |http )?404(?: error| (?:page )?not found|: .{0,30})?|"
    r"(?:the |this |sorry,? )*(?:page|product|item|url)(?: you (?:requested|are looking for))? "
    r"(?:(?:was|is|could|can) ?(?:not|n't|no longer)|(?:does|do)(?: not|n't)) (?:be )?(?:found|available|exists?)|"
    r"(?:page |product |item )?not found|(?:sorry[!,]? )?we (?:couldn['’]?t|can['’]?t|could not|cannot) find that page|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non trovata|"
    r"documento no encontrado)[\s.!?…]*(?:[|–—:·-].{0,40})?",
    re.I,
)
_CONSENT = re.compile(
    r"before you continue|(?:we|this site|our partners)\b.{0,60}\bcookies|accept (?:all )?cookies|alle akzeptieren|"
    r"tout accepter|aceptar todo|consent",
    re.I,
)
_CONSENT_URL = re.compile(r"//(?:consent|guce)\.|/(?:cookie-?)?consent(?:[/?]|$)", re.I)


def _content(body: bytes, url: str) -> Judgement | None:
    """What the page itself says against being read; None when it says nothing."""
    seen = look(body)
    sign = _in_the_way(body, seen)
    if sign:
        return Verdict(sign[0]), sign[1]
    lost = next(filter(_NOT_FOUND.fullmatch, seen.headings), None)
    if lost:
        return Verdict.not_found, f"title {lost[:60]!r}"
    return None if seen.text is None or seen.sells else _bare(body, url, seen.text)


def _bare(body: bytes, url: str, text: str) -> Judgement | None:
    """The verdict on a page with few links, no product data and no price."""
    if _CONSENT_URL.search(url) or (len(text) < 3_000 and b"<form" in body and _CONSENT.search(text)):
        return Verdict.consent, "asks for consent"
    if len(text) < 1_500 and b'type="password"' in body:
        return Verdict.moved, "asks to log in"
    if _NOT_FOUND.match(text) and len(text) < 600:
        return Verdict.not_found, f"says {text[:60]!r}"
    if len(text) < 80 and re.search(rb"<(?:html|body|!doctype)\b", body, re.I):
        refresh = b'http-equiv="refresh"' in body
        return (Verdict.moved, "meta refresh") if refresh else (Verdict.empty, "no visible text")
    return None


def _cut(headers: Mapping[str, str], body: bytes) -> Judgement | None:
    """Fewer bytes than promised, or a page that was opened and never closed."""
    promised = "" if "content-encoding" in headers else headers.get("content-length", "")
    if promised.isascii() and promised.isdigit() and 1024 < int(promised) > len(body):
        return Verdict.partial, f"cut short: {len(body)} of {promised} bytes"
    tail = body[-4096:].lower()
    if b"</html" in tail or b"</body" in tail or b"<html" not in body[:4096].lower():
        return None
    never = b"<body" in body and b"</html" not in body
    return (Verdict.partial, "never closed") if never or body.rstrip()[-1:] != b">" else None
