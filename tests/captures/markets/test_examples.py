"""What the sneaker markets' own documents give as examples, and one good cut out of a page, through their readers."""

import json

import pytest

from tests.reading import CAPTURES, load, read

HERE = CAPTURES / "sneakers"
ALIAS, STOCKX, NODE = (HERE / f"{name}.json" for name in (
    "alias_public_api_v1_doc_examples", "stockx_public_api_v2_doc_examples", "stockx_product_node"))  # fmt: skip
pytestmark = [
    pytest.mark.captures,
    pytest.mark.skipif(not CAPTURES.exists(), reason="the private captures are not beside this checkout"),
]


def said(spider, data, url="https://api.example/"):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return read(spider, body, {"url": url})


def test_alias_search():
    answer = load(ALIAS)["GET /catalog?query=&limit=&pagination_token="]
    got = said("alias", answer, "https://api.alias.org/api/v1/catalog?query=grape&limit=25")
    (item,) = got["items"]
    following = "https://api.alias.org/api/v1/catalog?query=sofa&limit=25&pagination_token=some_token"
    assert got["requests"][0] == {"url": following, "kind": "next"}
    assert item["id"] == "alias:air-jordan-5-retro-grape-2025-hq7978-100"
    assert (item["title"], item["brand"], item["mpn"]) == (
        "Air Jordan 5 Retro 'Grape' 2025", "Jordan", "HQ7978-100")  # fmt: skip
    assert item["image"].startswith("https://image.goat.com/")
    assert item["price"] is None


def test_alias_market_by_size():
    examples = load(ALIAS)
    market = examples["GET /pricing_insights/availabilities/{catalog_id}"]
    (item,) = said("alias", {"item": examples["GET /catalog/{id}"]["catalog_item"], "market": market})["items"]
    assert (item["price"], item["currency"], item["availability"]) == ("250.00", "USD", "in_stock")
    whole, size = item["offers"]
    assert (whole["variant"], whole["bid"], whole["last_sale"]) == (None, "220.00", None)
    assert (size["variant"], size["condition"]) == ("US M 10.5", "new")
    assert (size["price"], size["bid"], size["last_sale"]) == ("250.00", "220.00", "235.00")


def test_alias_error():
    got = said("alias", load(ALIAS)["default error (swagger)"])
    assert got["items"] == []
    assert got["verdict"] in ("drifted", "error")


def test_stockx_search():
    got = said("stockx", load(STOCKX)["GET /v2/catalog/search?query=&pageNumber=&pageSize="])
    (item,) = got["items"]
    assert (item["id"], item["title"], item["mpn"]) == (
        "stockx:purple-hand-bag-leather", "Gucci Duchessa Boston Bag", "BY9109")  # fmt: skip
    assert item["price"] is None
    assert len(got["requests"]) == 2


def test_stockx_market_by_size():
    examples = load(STOCKX)
    found = examples["GET /v2/catalog/search?query=&pageNumber=&pageSize="]["products"][0]
    variants = examples["GET /v2/catalog/products/{productId}/variants"]
    row = examples["GET /v2/catalog/products/{productId}/variants/{variantId}/market-data?currencyCode="]
    market = [row | {"variantId": variants[0]["variantId"]}]
    (item,) = said("stockx", {"item": found, "variants": variants, "market": market})["items"]
    size = item["offers"][1]
    assert (size["variant"], size["price"], size["bid"], size["currency"]) == ("US M 5", "100.00", "150.00", "USD")
    assert (item["price"], item["availability"], item["gtin"]) == ("100.00", "in_stock", "887231059577")


def test_stockx_product_by_size():
    """The good's description and its market as the page's two answers hold them."""
    node = load(NODE)
    described = {key: value for key, value in node.items() if key != "pricing"}
    market = {"id": node["id"], "urlKey": node["urlKey"], **node["pricing"]}
    queries = [{"queryKey": [name, {"currencyCode": "USD"}], "state": {"data": {"product": data}}}
               for name, data in (("GetProduct", described), ("GetMarketData", market))]  # fmt: skip
    page = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"queries": queries})}</script>'
    (item,) = said("stockx", page.encode(), "https://stockx.com/nike-x-stussy-bucket-hat-black")["items"]
    assert (item["title"], item["brand"], item["mpn"]) == ("Nike x Stussy Bucket Hat Black", "Nike", None)
    told = [(o["variant"], o["price"], o["bid"], o["last_sale"], o["availability"]) for o in item["offers"]]
    assert told == [
        (None, "166.00", "80.00", "85.00", "in_stock"),
        ("US XS/S", None, "26.00", "63.00", "out_of_stock"),
        ("US S/M", "169.00", "44.00", "95.00", "in_stock"),
        ("US M/L", "166.00", "80.00", "85.00", "in_stock"),
        ("US L/XL", None, "65.00", "328.00", "out_of_stock"),
    ]
