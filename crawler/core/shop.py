"""Goods of shops without a spider of their own: their retailer is the shop's host, and one spider reads them all."""

from urllib.parse import urlsplit

SHOP = "shop"


def retailer_of(url: str) -> str:
    """The shop's name by its address: the host without `www.`; "" for no address."""
    host = urlsplit(url).hostname or ""
    return host.removeprefix("www.").replace(":", "-")


def source_of(retailer: str) -> str:
    """The spider that reads this retailer's pages: a host has a dot, no spider's name has."""
    return SHOP if "." in retailer else retailer
