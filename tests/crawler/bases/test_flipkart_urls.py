import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.flipkart.urls import good, item, own_pid, pid, plain

SITE = "https://www.flipkart.com"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/oak-sofa/p/itm1a2b3c4d5e6f7?pid=SOFH1NEST0000001&lid=L&q=sofa", "SOFH1NEST0000001"),
        (f"{SITE}/oak-sofa/p/itm1a2b3c4d5e6f7/?PID=x", "itm1a2b3c4d5e6f7"),
        ("/p/itm1a2b3c4d5e6f7?pid=lower", "itm1a2b3c4d5e6f7"),
        ("/oak-sofa/product-reviews/itm1a2b3c4d5e6f7?pid=SOFH1NEST0000001", None),
        ("/sellers?pid=SOFH1NEST0000001", None),
        ("/furniture/sofas/pr?sid=wwe,c3z", None),
        ("/p/about", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_a_good_is_named_by_its_pid_else_by_its_item(url, name):
    assert good(url) == name


def test_a_plain_address_says_only_which_good():
    url = f"{SITE}/oak-sofa/p/itm1a2b3c4d5e6f7?pid=SOFH1NEST0000001&lid=L&q=sofa#reviews"
    assert plain(url, "SOFH1NEST0000001") == f"{SITE}/oak-sofa/p/itm1a2b3c4d5e6f7?pid=SOFH1NEST0000001"
    assert plain(url, "itm1a2b3c4d5e6f7") == f"{SITE}/oak-sofa/p/itm1a2b3c4d5e6f7"
    assert (item(url), pid(url)) == ("itm1a2b3c4d5e6f7", "SOFH1NEST0000001")


def page(*hrefs):
    return LexborHTMLParser("".join(f"<a href='{href}'>x</a>" for href in hrefs))


def test_a_page_names_its_own_good_where_its_links_agree():
    sellers, reviews = "/sellers?pid=SOFH1NEST0000001", "/oak/product-reviews/itm1a2b3c4d5e6f7?pid=SOFH1NEST0000001"
    back = "/account/login?ret=/oak/p/itm1a2b3c4d5e6f7%3Fpid%3DSOFH1NEST0000002%26lid%3DL"
    assert own_pid(page(sellers, reviews, "/other/p/itm9?pid=SOFH1NEST0000009")) == "SOFH1NEST0000001"
    assert own_pid(page(back)) == "SOFH1NEST0000002"
    assert own_pid(page(sellers, back)) == "SOFH1NEST0000001"
    assert own_pid(page(sellers, "/sellers?pid=SOFH1NEST0000003")) is None
    assert own_pid(page()) is None
