"""schema.org as pages carry it: JSON-LD, microdata, OpenGraph."""
