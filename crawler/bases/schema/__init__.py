"""schema.org as pages carry it; `crawler.bases.structured` is the way in."""
