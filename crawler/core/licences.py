"""How free a picture is to use, by its licence code (`crawler.core.models.License.code`)."""

_PARTS = {"sa": 0.1, "nd": 0.3, "nc": 0.4}


def openness(code: str) -> float:
    """1.0 for the public domain, 0.9 with credit, less for each condition: share alike, no derivatives, no commercial
    use. A source's own licence (pexels, unsplash, pixabay) allows use without credit but has terms: 0.8."""
    if code.startswith(("cc0", "pdm")):
        return 1.0
    if code.startswith("cc-by"):
        return round(0.9 - sum(cost for part, cost in _PARTS.items() if part in code.split("-")), 2)
    return 0.8
