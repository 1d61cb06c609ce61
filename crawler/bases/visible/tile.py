"""One tile of a result page as a shopper sees it: title, price, list price, picture, stock. Says no price where several
amounts could be paid."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from crawler.bases import read, wording
from crawler.bases.facts import Facts
from crawler.bases.schema.product import name
from crawler.bases.visible.amounts import seen
from crawler.bases.visible.picture import picture
from crawler.bases.visible.price import only, pick_list
from crawler.bases.visible.roles import percent
from crawler.bases.visible.stock import stock_line
from crawler.bases.visible.text import NO_MARKS, lines, text
from crawler.core.models import Availability

_TITLE = 'h1,h2,h3,h4,h5,[role="heading"],[itemprop="name"]'
_LETTERS = re.compile(r"[^\W\d_]{2}")
_GONE = re.compile(rf"^\W*(?:{wording.GONE})\W*$", re.I | re.M)
SHORT, LONG = 4, 300  # characters of a title
_ASIDE = re.compile(
    r"[\d.,\s|()★☆+k-]*(?:reviews?|ratings?|stars?|sold|left|bought.{0,20}|"
    r"% off|rating.{0,60}|more|supplier|free (?:delivery|shipping)|sponsored|new|best ?seller|"
    r"trending|sale|only (?:a )?few left|quick view|add to (?:cart|bag|wishlist)|view (?:similar|details|product)|"
    r"wishlist|compare|(?:product )?tile link)\W*",
    re.I,
)  # what a tile says beside its good's name


def tile_facts(tile: LexborNode, links: Sequence[LexborNode], base: str, currency: str | None = None) -> Facts:
    """`links` are those of the tile that lead to the good."""
    block = lines(tile)
    facts = Facts("visible", title=_title(tile, links), url=_url(links, base))
    found = seen(block, currency)
    paid = only(found, percent(block))
    if paid:
        facts.price, facts.currency = paid
        listed = pick_list(found, paid, percent(block))
        facts.list_price = listed.amount if listed else None
    facts.availability = Availability.out_of_stock if _GONE.search(block) else stock_line(tile)
    facts.images = [u for u in (picture(n, base) for n in tile.css("img")[:4]) if u][:1]
    return facts


def _url(links: Sequence[LexborNode], base: str) -> str | None:
    return next((u for a in links if (u := read.absolute(base, a.attributes.get("href")))), None)


def _title(tile: LexborNode, links: Sequence[LexborNode]) -> str | None:
    """Its heading; else what a link of one line says; else what its links or its picture are called; else the longest
    line of a link around the whole tile."""
    told = [_said(a) for a in links]
    labels = [a.attributes.get(key) or "" for a in links for key in ("title", "aria-label")]
    pictures = [_alt(n) for n in tile.css("img[alt]")[:3]]
    single = [said[0] for said in told if len(said) == 1 and " " in said[0]]
    for said in ([text(n) for n in tile.css(_TITLE)[:4]], single, [*labels, *pictures], [s for t in told for s in t]):
        titles = [t for t in said if _is_title(t)]
        if titles:
            return name(max(titles, key=len))
    return None


def _alt(image: LexborNode) -> str:
    """What a picture is said to show; nothing of a badge or an icon."""
    return "" if ".svg" in (image.attributes.get("src") or "") else image.attributes.get("alt") or ""


def _said(link: LexborNode) -> list[str]:
    return lines(link).translate(NO_MARKS).split("\n")


def _is_title(said: str) -> bool:
    if not SHORT <= len(said) <= LONG or not _LETTERS.search(said) or _ASIDE.fullmatch(said):
        return False
    return not any(s.signed for s in seen(said))
