"""Licences and credits: what a source says, turned into one `License`, and the attribution a frontend must show."""

import re
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.bases.read import clean
from crawler.core.models import License
from crawler.core.odd import web

_CC = "https://creativecommons.org/"
_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<parts>by(?:-(?:nc|sa|nd))*)/(?P<version>\d\.\d)(?:/(?P<port>[a-z]{2,3})\b)?"
    r"|publicdomain/(?P<tool>zero|mark)/(?P<tool_version>\d\.\d))", re.I)  # fmt: skip
_CODE = re.compile(r"(?:cc|creative commons)?[\s-]*(?P<parts>by(?:[\s-](?:nc|sa|nd))*)"
                   r"(?:[\s-]+(?P<version>\d\.\d))?(?:[\s-](?P<port>[a-z]{2,3}))?")  # fmt: skip
_FREE = {"cc0": "zero", "cc zero": "zero", "cc-zero": "zero", "cc0 1.0": "zero", "cc0-1.0": "zero", "zero": "zero",
         "pdm": "mark", "pd": "mark", "public domain": "mark", "public domain mark": "mark", "cc-pd": "mark",
         "pdm-1.0": "mark"}  # fmt: skip
_TOOLS = {"zero": ("cc0-1.0", "CC0 1.0"), "mark": ("pdm-1.0", "Public Domain Mark 1.0")}
_BREAKS = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|td|tr|table|dd|dt|h[1-6]))\b", re.I)
_PORTS = re.compile(r"^(?:igo|[a-z]{2})$")


def license_of(*clues: str | None, version: str | None = None) -> License | None:
    """The licence named by the first clue that names one: an address, a code ("cc-by-sa-4.0", "by-sa") or a short name
    ("CC BY-SA 4.0", "Public domain"). None when none is known: such a picture is not licensed to anybody."""
    for clue in clues:
        found = _by_address(clue) or _by_code(clue, version) if clue else None
        if found:
            return found
    return None


def _by_address(clue: str) -> License | None:
    match = _ADDRESS.search(clue)
    if not match:
        return None
    if match["tool"]:
        return _tool(match["tool"].lower())
    return _attribution(match["parts"].lower(), match["version"], (match["port"] or "").lower())


def _by_code(clue: str, version: str | None) -> License | None:
    text = (clean(clue) or "").lower()
    if text in _FREE:
        return _tool(_FREE[text])
    match = _CODE.fullmatch(text)
    known = match and (match["version"] or version)
    if not match or not known:
        return None
    return _attribution(match["parts"].replace(" ", "-"), known, match["port"] or "")


def _tool(name: str) -> License:
    return License(_TOOLS[name][0], f"{_CC}publicdomain/{name}/1.0/", "1.0")


def _attribution(parts: str, version: str, port: str) -> License | None:
    conditions = parts.split("-")[1:]
    if {"sa", "nd"} <= set(conditions) or len(set(conditions)) < len(conditions):
        return None
    name = "-".join(["by", *sorted(conditions)])
    tail = [version, port] if _PORTS.match(port) else [version]
    return License("-".join(["cc", name, *tail]), f"{_CC}licenses/{name}/{'/'.join(tail)}/", version)


def label(licence: License) -> str:
    """The name a person reads: "CC BY-SA 4.0"."""
    for code, name in _TOOLS.values():
        if licence.code == code:
            return name
    if not licence.code.startswith("cc-by"):
        return licence.code.replace("-", " ").title() + " License"
    head, _, tail = licence.code.removeprefix("cc-").partition(f"-{licence.version}")
    return f"CC {head.upper()} {licence.version}{tail.replace('-', ' ').upper()}"


def attribution(title: str | None, author: str | None, licence: License, site: str) -> str:
    """“Title” by Author, CC BY-SA 4.0, via Site."""
    who = f" by {author}" if author else ""
    return f"{f'“{title}”' if title else 'Picture'}{who}, {label(licence)}, via {site}"


def attribution_html(
    title: str | None, author: str | None, licence: License, site: str, *, page: str, author_url: str | None, home: str
) -> str:
    """The same with links. Everything a stranger wrote is escaped; links are http(s) only."""
    who = f" by {_link(author, author_url)}" if author else ""
    terms = _link(label(licence), licence.url, "license noopener")
    return f"{_link(title or 'Picture', page)}{who}, {terms}, via {_link(site, home)}"


def _link(text: str, url: str | None, rel: str = "noopener") -> str:
    return f'<a href="{escape(url)}" rel="{rel}">{escape(text)}</a>' if url and web(url) else escape(text)


def plain(html: Any) -> str | None:
    """The text a reader sees of a scrap of HTML: no markup, no scripts, nothing hidden."""
    if not isinstance(html, str):
        return None
    if "<" not in html:
        return clean(html)
    tree = LexborHTMLParser(_BREAKS.sub(r" \g<0>", html))
    for node in tree.css('script, style, template, [hidden], [style*="display:none"], [style*="display: none"]'):
        node.decompose()
    return clean(tree.body.text()) if tree.body else None


def first_link(html: Any, base: str = "https:") -> str | None:
    """Where the first link of a scrap of HTML leads; None unless http(s)."""
    if not isinstance(html, str) or "<a" not in html:
        return None
    node = LexborHTMLParser(html).css_first("a[href]")
    href = (node.attributes.get("href") or "") if node else ""
    href = base + href if href.startswith("//") else href
    return href if web(href) else None
