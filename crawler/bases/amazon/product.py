"""What an Amazon product page says of its own product, apart from what it costs."""

import json
import re
from typing import Any

from crawler.bases import read
from crawler.bases.amazon.parts import ASIN, asin_in, words
from crawler.bases.document import Document
from crawler.bases.ending import open_end
from crawler.core.models import Rating

TITLES = "#productTitle, #ebooksProductTitle, #title, #btAsinTitle"
_BLOCKS = "#ppd, #dp, #dp-container, #buybox, #desktop_buybox, #centerCol, #ASIN, #averageCustomerReviews"
_IMAGES = (
    "#landingImage", "#imgBlkFront", "#ebooksImgBlkFront", "#main-image", "#imgTagWrapperId img", "#imageBlock img",
)  # fmt: skip
_VARIANTS = '#twister, [id^="inline-twister"], [id^="twister-plus"]'
_BYLINE = re.compile(
    r"^(?:visit the (?P<en>.+) store|(?:besuchen? sie|besuche) den (?P<de>.+?)[- ]store|visiter la boutique (?P<fr>.+)"
    r"|visita la tienda de (?P<es>.+)|visita lo store di (?P<it>.+)"
    r"|(?:brand|marke|marque|marca|merk|varumärke) ?: ?(?P<any>.+))$",
    re.I,
)
_GALLERY = re.compile(r"'colorImages'\s*:\s*\{\s*'initial'\s*:\s*(?=\[)")
_BRAND = re.compile(r"^(?:brand|brand name|marke|marque|marca)$", re.I)
_BACK = re.compile(r"back to|zurück|retour|volver|torna", re.I)
_PLACE = re.compile(
    r"^(?:deliver(?:ing|y)? to|ship(?:ping)? to|(?:wir )?liefern nach|lieferung nach|livr(?:er|aison) à|consegna a"
    r"|envia(?:r|ndo) (?:a|para)|entrega(?:r)? (?:en|em|a)|invia a|bezorgen in|leverera till|dostarcz do|dostawa do"
    r"|التوصيل إلى|توصيل إلى)\s+(.+?)(?:\s*-\s*update location)?$", re.I,
)  # fmt: skip
_NO_PLACE = re.compile(
    r"update location|select|choose|your address|hello|sign in|^$|aktualisier|auswähl|wähl|anmelden|^hallo"
    r"|mettre à jour|choisi|sélectionn|identifie|^bonjour|actualiza|elige|seleccion|^hola|aggiorna|scegli|selezion"
    r"|^ciao|bijwerken|selecteer|^kies|uppdatera|^välj|^hej|zaktualizuj|wybierz|^cześć|güncelle|seç|^merhaba|更新|選択"
    r"|こんにちは|atualiz|selecion|^olá|تحديث|اختر|مرحب", re.I,
)  # fmt: skip


def has_block(doc: Document) -> bool:
    return bool(title(doc)) and doc.tree.css_first(_BLOCKS) is not None


def title(doc: Document) -> str | None:
    found = (words(n) for s in TITLES.split(", ") for n in doc.tree.css(s))
    return next((text for text in found if text), None)


def asin(doc: Document) -> str | None:
    """The product in the buy form; a page opened by its parent's ASIN shows one child. None where a
    page with variants breaks off before it."""
    inputs = doc.tree.css('#ASIN, input[name="ASIN"]') or doc.tree.css('#buybox input[name="items[0.base][asin]"]')
    own = [value for n in inputs if ASIN.fullmatch(value := n.attributes.get("value") or "")]
    if not own and open_end(doc.tree) and doc.tree.css_first(_VARIANTS) is not None:
        return None
    asked = asin_in(doc.url)
    canonical = doc.tree.css_first('link[rel="canonical"]')
    named = asin_in(canonical.attributes.get("href")) if canonical is not None else None
    return asked if asked in own else next(iter(own), None) or asked or named


def brand(doc: Document, specs: dict[str, str]) -> str | None:
    byline = doc.tree.css_first("#bylineInfo, #brand, #bylineInfo_feature_div a")
    said = _BYLINE.match(words(byline))
    named = next((v for v in said.groupdict().values() if v), None) if said else None
    stated = next((value for label, value in specs.items() if _BRAND.match(label)), None)
    return stated or named or _plain_byline(byline)


def _plain_byline(byline: Any) -> str | None:
    """A brand that stands alone; a list of authors is none."""
    if byline is None or byline.css_first(".author, .contribution") is not None:
        return None
    text = words(byline).removeprefix("by ")
    return text if text and len(text) <= 60 and not text.lower().startswith("visit") else None


def category(doc: Document) -> list[str]:
    steps = (words(a) for a in doc.tree.css("#wayfinding-breadcrumbs_feature_div li a"))
    return [step for step in steps if step and not _BACK.search(step)]


def images(doc: Document) -> list[str]:
    """The main picture in its largest form, then the gallery's."""
    main = next((url for s in _IMAGES for n in doc.tree.css(s) if (url := _largest(n))), None)
    return read.images(doc.url, [url for url in [main, *_gallery(doc.text)] if url])


def _largest(img: Any) -> str | None:
    said = img.attributes
    if (said.get("data-old-hires") or "").startswith("http"):
        return said["data-old-hires"]
    try:
        sizes = json.loads(said.get("data-a-dynamic-image") or "{}")
    except ValueError:
        sizes = {}
    if sizes:
        return max(sizes, key=lambda url: sizes[url][0])
    source = (said.get("src") or "").strip()
    return source if source and not source.startswith("data:") else None


def _gallery(text: str) -> list[str]:
    found = _GALLERY.search(text)
    try:
        entries = json.JSONDecoder().raw_decode(text, found.end())[0] if found else []
    except ValueError:
        return []
    return [url for entry in entries if (url := entry.get("hiRes") or entry.get("large"))]


def description(doc: Document) -> str | None:
    lines = [words(li) for li in doc.tree.css("#feature-bullets li:not(.aok-hidden) .a-list-item")]
    return "\n".join(line for line in lines if line) or words(doc.tree.css_first("#productDescription")) or None


def rating(doc: Document) -> Rating | None:
    stars = doc.tree.css_first("#acrPopover, #averageCustomerReviews .a-icon-alt")
    count = doc.tree.css_first("#acrCustomerReviewText")
    return stars_and_count(stars.attributes.get("title") or words(stars), words(count)) if stars is not None else None


def stars_and_count(stars: str, count: str) -> Rating | None:
    """Of "4.3 out of 5 stars" and "7,015 ratings"; an abbreviated count ("1.8K") is none."""
    value = re.search(r"\d[.,]\d|\d", stars)
    digits = "" if re.search(r"\d\s?[KMLkml]\b", count) else re.sub(r"\D", "", count)
    return read.rating(value[0].replace(",", "."), digits or None) if value else None


def location(doc: Document) -> str | None:
    """The place the page answered for, where it names one: "Jaipur 302021"."""
    first, second = (words(doc.tree.css_first(f"#glow-ingress-line{n}")) for n in (1, 2))
    place = _PLACE.match(first)
    candidate = second if not _NO_PLACE.search(second) else place[1] if place else ""
    return candidate if candidate and not _NO_PLACE.search(candidate) else None
