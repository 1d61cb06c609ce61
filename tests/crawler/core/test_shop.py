"""Goods of shops without a spider of their own."""

import pytest

from crawler.core.shop import retailer_of, source_of


@pytest.mark.parametrize(("url", "name"), [
    ("https://www.elm.test/p/7", "elm.test"), ("https://ELM.test:8443/p", "elm.test"),
    ("http://[2001:db8::1]/", "2001-db8--1"), ("https://shop.elm.test/", "shop.elm.test"), ("", ""),
])  # fmt: skip
def test_a_shop_is_called_by_its_host(url, name):
    assert retailer_of(url) == name


@pytest.mark.parametrize(("retailer", "source"), [("elm.test", "shop"), ("ikea", "ikea"), ("amazon_in", "amazon_in")])
def test_who_reads_its_pages(retailer, source):
    assert source_of(retailer) == source
