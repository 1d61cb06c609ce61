"""Addresses of pages: without what marketing put into them, and which of them are the same good's."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.bases import read

_TRACKING = re.compile(
    r"utm_\w+|utm|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|yclid|igshid|li_fat_id|epik|mc_[ce]id|"
    r"_ga|_gl|_hs\w+|hsctatracking|mkt_tok|srsltid|cm_(?:mmc|sp|re)\w*|icid|ncid|s_kwcid|ef_id|vero_id|oly_\w+_id|"
    r"trk\w*|track(?:ing)?(?:id)?|ref_?|ref_src|referrer|aff(?:id|_\w+)?|affiliate\w*|partner_?id|campaign\w*|"
    r"ad(?:id|set_?id|group_?id|_id)|clickid|irclickid|irgwc|sessionid|session_id|sid|jsessionid|phpsessid|lid|pf_rd_\w|"
    r"pd_rd_\w+|_encoding|psc|qid|sr|keywords|crid|sprefix|_pos|_sid|_ss|_psq|_fid|_v|_trkparms|_trksid|amdata|hash|"
    r"algo_\w+|spm|scm|btsid|ws_ab_test|gad_source|gad_campaignid",
    re.I,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)


def canonical(url: str) -> str:
    """The same page by its shortest address: lower-case host, no fragment, no tracking parameters, the others in their
    order."""
    parts = urlsplit(url)
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
    path = _SESSION.sub("", parts.path) or "/"
    return parts._replace(netloc=parts.netloc.lower(), path=path, query=urlencode(pairs), fragment="").geturl()


def link_key(base: str, href: str | None) -> str | None:
    """What tells the goods of one site apart in their addresses; None for other hosts (adverts go by theirs) and for
    the site's root."""
    url = read.absolute(base, href)
    if url is None:
        return None
    parts = urlsplit(url)
    return parts.path.rstrip("/") or None if _host(parts.netloc) == _host(urlsplit(base).netloc) else None


def _host(name: str) -> str:
    return name.lower().removeprefix("www.")
