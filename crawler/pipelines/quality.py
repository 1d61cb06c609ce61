"""Stage 300: how good a design or a product is to show, from 0 to 1, with the parts it came of."""

from collections.abc import Mapping

from crawler.core.licences import openness
from crawler.core.models import Design, Page, Product
from crawler.core.pictures.looks import FIGURES, aspect, pixels

DESIGN_WEIGHTS = {
    "resolution": 0.25, "sharpness": 0.15, "exposure": 0.10, "contrast": 0.05, "aspect": 0.10, "license": 0.15,
    "metadata": 0.20,
}  # fmt: skip
PRODUCT_WEIGHTS = {"completeness": 0.4, "images": 0.2, "verified": 0.2, "confidence": 0.2}
FULL_PIXELS = 4_000_000  # from here on more pixels are not better in a feed
FULL_IMAGES = 4
PLAIN_ASPECTS = (0.66, 1.8)  # portrait 2:3 to wide 16:9: what a feed's column shows uncut


class QualityPipeline:
    def process_item(self, page: Page) -> Page:
        for design in page.designs:
            design.quality, design.quality_parts = design_score(design)
        for product in page.products:
            product.quality = product_score(product)
        return page


def design_score(design: Design) -> tuple[float, dict[str, float]]:
    """(score, parts). Parts that nobody looked at are left out, not guessed; a picture known to be gone scores 0."""
    parts = {f: design.quality_parts[f] for f in FIGURES if f in design.quality_parts}
    parts |= {"license": openness(design.license.code), "metadata": _described(design)}
    shape, size = aspect(design), pixels(design)
    if size:
        parts["resolution"] = round(min(1.0, size / FULL_PIXELS) ** 0.5, 3)
    if shape:
        parts["aspect"] = _fits(shape)
    gone = design.verified is not None and design.verified.image is False
    return 0.0 if gone else mean(parts, DESIGN_WEIGHTS), parts


def product_score(product: Product) -> float:
    """Completeness, pictures, what was checked, and how far the reading is to be believed."""
    offer, checked, weights = product.offer, product.verified, PRODUCT_WEIGHTS
    told = (product.title, product.brand, product.images, product.description, product.category, product.specs,
            product.rating, offer and offer.price, offer and offer.availability != "unknown")  # fmt: skip
    score = weights["completeness"] * sum(map(bool, told)) / len(told)
    score += weights["images"] * min(1.0, len(product.images) / FULL_IMAGES)
    score += weights["confidence"] * product.evidence.confidence
    known = [c for c in (checked.url, checked.image, checked.price) if c is not None] if checked else []
    if not known:
        return round(score / (1 - weights["verified"]), 4)
    return round(score + weights["verified"] * sum(known) / len(known), 4)


def mean(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weighted mean of the parts that are known."""
    return round(sum(parts[p] * weights[p] for p in parts) / sum(weights[p] for p in parts), 4)


def _described(design: Design) -> float:
    return round(sum(map(bool, (design.title, design.author, design.author_url, design.tags))) / 4, 3)


def _fits(shape: float) -> float:
    narrow, wide = PLAIN_ASPECTS
    if shape < narrow:
        return round(shape / narrow, 3)
    return round(min(1.0, wide / shape), 3)
