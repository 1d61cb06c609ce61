import pytest

from crawler.core.errors import InputError
from crawler.spiders.retailers.ikea import IkeaSpider


async def first_url(**args):
    return (await anext(IkeaSpider(**args).start())).url


async def test_a_search_asks_for_all_its_pages_at_once():
    assert await first_url(query="corner sofa", pages="3") == (
        "https://sik.search.blue.cdtapps.com/in/en/search-result-page?q=corner+sofa&size=72&types=PRODUCT"
    )
    assert "size=1000&" in await first_url(query="sofa", pages="99")


async def test_a_category_of_another_country():
    assert await first_url(category="fu003", country="ch", lang="fr") == (
        "https://sik.search.blue.cdtapps.com/ch/fr/product-list-page?category=fu003&size=24"
    )
    assert (await first_url(query="sofa", country="us")).startswith("https://sik.search.blue.cdtapps.com/us/en/")


@pytest.mark.parametrize(("field", "value"), [("country", "xx"), ("country", "../"), ("lang", "en/."), ("lang", "EN")])
def test_a_wrong_country_or_language_is_named(field, value):
    with pytest.raises(InputError, match=field):
        IkeaSpider(query="sofa", **{field: value})
