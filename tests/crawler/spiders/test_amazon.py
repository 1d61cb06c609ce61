import pytest

from crawler.bases.document import Document
from crawler.core.errors import InputError
from crawler.spiders.retailers.amazon import AmazonSpider

PAGE = (
    '<html><body><div id="ppd"><h1 id="title"><span id="productTitle">Stool</span></h1>'
    '<div id="corePriceDisplay_desktop_feature_div"><span class="a-price priceToPay">'
    '<span class="a-offscreen">$59.00</span></span></div></div><footer></footer></body></html>'
)


async def first_url(**args):
    return (await anext(AmazonSpider(**args).start())).url


def offer(spider: AmazonSpider, url: str):
    return spider.read(Document(url, PAGE.encode())).page.products[0].offer


@pytest.mark.parametrize(
    ("args", "home"),
    [({}, "com"), ({"country": "de"}, "de"), ({"country": "uk"}, "co.uk"), ({"country": "gb"}, "co.uk"),
     ({"country": "au"}, "com.au"), ({"country": "us"}, "com"), ({"country": "in"}, "in")],
)  # fmt: skip
async def test_a_country_is_searched_in_its_own_shop(args, home):
    assert (await first_url(query="stool", **args)).startswith(f"https://www.amazon.{home}/s?k=stool")


@pytest.mark.parametrize(
    ("args", "currency", "country"),
    [({}, "USD", "US"), ({"country": "au"}, "AUD", "AU"), ({"url": "https://www.amazon.ca/dp/B0ARMCHR01"}, "CAD", "CA"),
     ({"country": "au", "url": "https://www.amazon.ca/dp/B0ARMCHR01"}, "AUD", "AU")],
)  # fmt: skip
def test_a_page_whose_host_tells_no_country_is_of_the_one_asked_for(args, currency, country):
    asked = AmazonSpider(**(args or {"query": "stool"}))
    got = offer(asked, "http://127.0.0.1:8000/dp/B0ARMCHR01")
    assert (got.currency, got.location_asked) == (currency, country)


def test_the_host_of_a_page_knows_better_than_the_country_asked_for():
    got = offer(AmazonSpider(query="stool", country="au"), "https://www.amazon.ca/dp/B0ARMCHR01")
    assert (got.currency, got.location_asked) == ("CAD", "CA")


@pytest.mark.parametrize("country", ["xx", "com", "DE", "../"])
def test_a_country_without_a_shop_is_named(country):
    with pytest.raises(InputError, match="country"):
        AmazonSpider(query="stool", country=country)
