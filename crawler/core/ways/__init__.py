"""How a site is approached: directly, through a proxy, with a browser; cheapest first.

A way is written "direct", "proxy:<name>", "browser" or "browser:<name>" (a browser behind that proxy).
"""

from typing import Literal, get_args

from crawler.core.verdicts import Verdict

Kind = Literal["direct", "proxy", "browser"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BUSY = (420, 429, 430, 503, 509, 529)  # the shop asks to come later, whoever comes
UNREAD = (Verdict.empty, Verdict.consent)


def kind(way: str) -> Kind:
    """Raises ValueError for what is no way."""
    return KINDS[KINDS.index(way.partition(":")[0])]


def proxy_of(way: str) -> str | None:
    """The name of the proxy a way goes through."""
    return way.partition(":")[2] or None


def refused(verdict: Verdict, reason: str, status: int) -> bool:
    """Does the page turn away whoever came by this way? "Come later" does not."""
    if verdict not in (Verdict.blocked, Verdict.captcha):
        return False
    return not (status in BUSY and reason.startswith("status"))
