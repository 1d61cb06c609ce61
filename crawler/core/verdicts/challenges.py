"""How pages look that stand in the way of the page that was asked for: who says so and in which words.

Vendor scripts alone prove nothing: normal pages of big shops carry them too. So a page full of links or product data
is condemned only by its title, its heading or words that no shop page has; a bare page by any of the marks below.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Sign = tuple[str, str]  # (verdict, reason)
_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("challenges.json").read_text("utf-8"))


def _marks(name: str) -> list[tuple[list[bytes], Sign]]:
    return [([mark.encode() for mark in row["marks"]], (row["verdict"], row["vendor"])) for row in _TABLE[name]]


_ANYWHERE, _BARE = _marks("anywhere"), _marks("bare")
_HUMAN = re.compile(
    r"(?:verif|confirm|prove|check|sure).{0,24}you(?: are|'re) (?:not )?(?:a )?(?:human|robot|bot|real)\b"
)
_URL = re.compile(
    r"/(?:errors(?:_page)?/validatecaptcha|splashui/(?:captcha|challenge)|sorry/index|_____tmd_____/punish|captcha|"
    r"blocked|"
    r"\.within\.website|cdn-cgi/challenge-platform)(?:[/?.]|$)|[?&]bm-verify=|[?&]x5secdata=|captcha-delivery\.com",
    re.I,
)

# a title or heading: the whole of it, with at most the site's name behind
_SITE = r"[\s.!?…]*(?:[|–—:·-].{0,40})?$"
_CAPTCHA_TITLE = re.compile(
    r"(?:just a moment|robot check|security (?:check|measure|challenge|verification)|one more step|client challenge|"
    r"human check|verify (?:your identity|yourself)|ddos-guard|please verify.{0,30}|challenge validation|"
    r"sina visitor system|human verification|bot (?:check|verification|detection)|are you (?:a )?(?:human|"
    r"robot).{0,3}|"
    r"un instant|nur einen moment|(?:solo )?un momento|um momento|einen moment(?: bitte)?|een ogenblik|один момент|"
    r"しばらくお待ちください|请稍候|bir dakika lütfen|you are (?:now )?in line|queue-it|waiting room.{0,24}|"
    rf"vercel security checkpoint|robot challenge screen|access verification|unusual (?:traffic|"
    rf"activity).{{0,20}}){_SITE}|(?:\w+ )?(?:re)?captcha(?: \w+)?[\s.!?]*$",
    re.I,
)
_BLOCKED_TITLE = re.compile(
    r"(?:attention required|service (?:temporarily )?unavailable|server busy|bot detected|web page blocked|"
    r"(?:(?:oops|whoops|sorry|error)[\s!,:…-]*)*(?:something|there) (?:went wrong|is not right|'s not right|"
    r"has been an error processing your request)(?: on our (?:end|side))?|"
    r"(?:(?:we(?:'ll| will)|will) be )?(?:right back|back (?:soon|shortly|later))|(?:site )?(?:is )?(?:down for|"
    r"under) maintenance|"
    r"site maintenance|wartungsarbeiten|(?:5\d\d[\s:–-]+)?internal server error|(?:web )?server is down|"
    r"server error in .{0,20}|"
    rf"not acceptable){_SITE}|(?:error |http )?(?:403|406|429|50[0234]|52[0-7])(?:[\s:–-]+(?:error|forbidden|"
    rf"not acceptable|"
    r"too many requests|internal server error|bad gateway|service .{0,25}|gateway time-?out|"
    r"backend .{0,20}))[\s.!?]*$|"
    r"(?:(?:error |http )?(?:403|429|503)|forbidden|blocked|bad gateway|gateway time-?out|server error|"
    r"error 403 \(forbidden\)[!1]*)[\s.!?]*$",
    re.I,
)
_SHARE = 0.78  # of a heading that its words must fill to be its meaning
_LONG_TITLE = 70  # characters; a longer title with such words in it speaks of something


def from_headers(headers: Mapping[str, str]) -> Sign | None:
    """What the protecting server says of itself."""
    for row in _TABLE["headers"]:
        if headers.get(row["header"], "").lower() in row["values"]:
            return "captcha", row["vendor"]
    return None


def from_url(url: str) -> Sign | None:
    """A challenge often has its own address."""
    return ("captcha", "challenge address") if _URL.search(url) else None


def from_heading(text: str, alone: bool) -> Sign | None:
    """A title or first heading that is nothing but a block page's; `alone`: the page has hardly another word."""
    text = text.replace("’", "'")
    said = _phrase(text.lower(), 0 if alone else _SHARE * len(text)) if len(text) <= _LONG_TITLE else None
    if _CAPTCHA_TITLE.match(text) or (said and said[0] == "captcha"):
        return "captcha", f"title {text[:60]!r}"
    return ("blocked", f"title {text[:60]!r}") if said or _BLOCKED_TITLE.match(text) else None


def anywhere(edges: bytes) -> Sign | None:
    """Words that no shop page has, in the beginning and end of a page."""
    return _marked(edges, _ANYWHERE)


def in_markup(body: bytes) -> Sign | None:
    """A vendor's mark in a page that has nothing else."""
    return _marked(body, _BARE)


def _marked(body: bytes, rows: list[tuple[list[bytes], Sign]]) -> Sign | None:
    return next((sign for marks, sign in rows if any(mark in body for mark in marks)), None)


def in_text(text: str) -> Sign | None:
    """The words of a page that says little else."""
    low = text.lower().replace("’", "'")
    if len(low) < 200 and any(word in low for word in _TABLE["blocked_words"]):
        return _phrase(low) or ("blocked", "says so")
    return _phrase(low)


def _phrase(low: str, least: float = 0) -> Sign | None:
    """What a text says by a phrase of at least so many characters."""
    if any(phrase in low for phrase in _TABLE["captcha_phrases"] if len(phrase) >= least) or _must_prove(low, least):
        return "captcha", "asks for a human"
    said = any(phrase in low for phrase in _TABLE["blocked_phrases"] if len(phrase) >= least)
    return ("blocked", "says so") if said else None


def _must_prove(low: str, least: float) -> bool:
    """ "verify that you are human", not "because you are human"."""
    said = _HUMAN.search(low)
    return said is not None and len(said[0]) >= least
