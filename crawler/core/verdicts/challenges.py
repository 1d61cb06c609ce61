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
_HUMAN = re.compile(r"you(?: are|'re) (?:not )?(?:a )?(?:human|robot|bot|real)\b")
_PROVE = ("verify", "confirm", "prove", "check", "sure", "whether")
_URL = re.compile(
    r"/(?:errors(?:_page)?/validatecaptcha|splashui/(?:captcha|challenge)|sorry/index|_____tmd_____/punish|captcha|blocked|"
    r"\.within\.website|cdn-cgi/challenge-platform)(?:[/?.]|$)|[?&]bm-verify=|[?&]x5secdata=|captcha-delivery\.com",
    re.I,
)

# a title or heading: the whole of it, with at most the site's name behind
_SITE = r"[\s.!?…]*(?:[|–—:·-].{0,40})?$"
_CAPTCHA_TITLE = re.compile(
    r"(?:just a moment|robot check|security (?:check|measure|challenge|verification)|one more step|client challenge|"
    r"human check|verify (?:your identity|yourself)|ddos-guard|please verify.{0,30}|challenge validation|"
    r"sina visitor system|human verification|bot (?:check|verification|detection)|are you (?:a )?(?:human|robot).{0,3}|"
    r"un instant|nur einen moment|(?:solo )?un momento|um momento|einen moment(?: bitte)?|een ogenblik|один момент|"
    r"しばらくお待ちください|请稍候|bir dakika lütfen|you are (?:now )?in line|queue-it|waiting room.{0,24}|"
    rf"access verification|unusual (?:traffic|activity).{{0,20}}){_SITE}|(?:\w+ )?(?:re)?captcha(?: \w+)?[\s.!?]*$",
    re.I,
)
_BLOCKED_TITLE = re.compile(
    r"(?:attention required|service (?:temporarily )?unavailable|sorry! something went wrong|server busy|bot detected)"
    rf"{_SITE}|(?:(?:error |http )?(?:403|429|503)(?: .{{0,25}})?|forbidden|blocked|bad gateway)[\s.!?]*$",
    re.I,
)
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


def from_heading(text: str) -> Sign | None:
    """A title or first heading that is nothing but a block page's."""
    said = _phrase(text.lower().replace("’", "'")) if len(text) <= _LONG_TITLE else None
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


def _phrase(low: str) -> Sign | None:
    if any(phrase in low for phrase in _TABLE["captcha_phrases"]) or _must_prove(low):
        return "captcha", "asks for a human"
    return ("blocked", "says so") if any(phrase in low for phrase in _TABLE["blocked_phrases"]) else None


def _must_prove(low: str) -> bool:
    """ "verify that you are human", not "because you are human"."""
    human = _HUMAN.search(low)
    before = low[max(0, human.start() - 24) : human.start()] if human else ""
    return any(word in before for word in _PROVE)
