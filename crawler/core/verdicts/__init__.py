"""Is this page what it claims to be? Asked before anything is read: only `ok` may change a product.

In order: what the server says (status, headers, address), whether there is text at all, whether a challenge, a refusal
or an error page stands in the way, whether another page answered, whether the page is whole.
"""

from collections.abc import Mapping

from crawler.core.verdicts import challenges
from crawler.core.verdicts.answers import NOTHING, judge_json, judge_xml
from crawler.core.verdicts.look import Look, describes_product, look
from crawler.core.verdicts.lost import lost
from crawler.core.verdicts.redirects import moved, moved_home
from crawler.core.verdicts.walls import gate, wall
from crawler.core.verdicts.words import Judgement, Verdict

__all__ = ["Judgement", "Verdict", "judge"]

REFUSED = frozenset({403, 406, 418, 420, 429, 430, 451, 456, 493, 503, 509, 529, 999})
_BLANK = b"\xef\xbb\xbf \t\r\n"
SHORT = 3_000  # characters; a challenge or a refusal says no more
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
    if start[:1] in (b"{", b"[") or start.rstrip() in NOTHING:
        return judge_json(body, start)
    if start.startswith(b"<?xml") and b"<html" not in start.lower():
        return judge_xml(body)
    elsewhere = moved(asked, url)
    found = _content(body, url) or ((Verdict.moved, elsewhere) if elsewhere else None)
    return found or _cut(headers, body) or moved_home(asked, body) or (Verdict.ok, "")


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


def _in_the_way(body: bytes, seen: Look) -> challenges.Sign | None:
    """A challenge or a refusal: by words that no shop page has, by its headings, or by any mark of a bare page."""
    sign = challenges.anywhere(body if len(body) <= 2 * EDGE else body[:EDGE] + body[-EDGE:])
    if sign:
        return sign
    bare = seen.text is not None and not seen.sells
    alone = bare and len(seen.text or "") < SHORT
    marked = challenges.in_markup(_ends(body)) if bare else None
    titled = next((said for heading in seen.headings if (said := challenges.from_heading(heading, alone))), None)
    if titled and not describes_product(body):
        return marked if marked and marked[0] == "captcha" else titled
    if marked or not alone:
        return marked
    return challenges.in_text(seen.text) if seen.text else None


def _ends(body: bytes) -> bytes:
    """Of a long page, where vendors leave their marks."""
    return body if len(body) <= 8 * EDGE else body[: 6 * EDGE] + body[-2 * EDGE :]


def _content(body: bytes, url: str) -> Judgement | None:
    """What the page itself says against being read; None when it says nothing."""
    seen = look(body)
    sign = _in_the_way(body, seen)
    if sign:
        return Verdict(sign[0]), sign[1]
    gone = next(filter(lost, seen.headings), None)
    if gone:
        return Verdict.not_found, f"title {gone[:60]!r}"
    if seen.sells:
        return None
    return gate(body, seen.headings) or (wall(body, url, seen.text) if seen.text is not None else None)


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
