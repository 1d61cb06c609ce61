"""Which product a page is about, and what its structured data says of it."""

import pytest

from crawler.bases import structured
from crawler.bases.schema.product import gtin
from crawler.core.models import Availability, Rating
from tests.crawler.bases.pages import URL, chair, ld, page

TITLE = "<title>Oslo Armchair | Shop</title>"


def one(*things, body="<h1>Oslo Armchair</h1>", head=TITLE, url=URL):
    """The only reading of a page with this JSON-LD."""
    (facts,) = structured.product_facts(page(body, head + ld(*things), url))
    return facts


def offer(**said):
    return one(chair(offers={"@type": "Offer", "priceCurrency": "EUR"} | said))


@pytest.mark.parametrize(
    ("price", "minor"),
    [
        ("499.00", 49900),
        (499, 49900),
        (499.5, 49950),
        ("1299.9", 129990),
        ("€ 1,299", 129900),
        ("1,299.00", 129900),
        ("1.299,00", 129900),
        ([499], 49900),
        ({"@value": "499"}, 49900),
        ("", None),
        (None, None),
        ([], None),
        (True, None),
    ],
)
def test_price_as_shops_write_it(price, minor):
    facts = offer(price=price)
    assert (facts.price, facts.problems) == (minor, [])


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ({}, "unreadable"),
        ("ask us", "unreadable"),
        ("-5", "negative"),
        (0, "zero"),
        ("0.00", "zero"),
        ("NaN", "nan"),
        (float("inf"), "nan"),
        ("99999999999", "absurd"),
    ],
)
def test_a_price_that_can_not_be_believed_costs_only_itself(price, reason):
    facts = offer(price=price if price != float("inf") else "Infinity", availability="InStock")
    assert (facts.price, facts.problems) == (None, [reason])
    assert (facts.title, facts.sku, facts.availability) == ("Oslo Armchair", "1001", "in_stock")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("http://schema.org/InStock", "in_stock"),
        ("https://schema.org/OutOfStock", "out_of_stock"),
        ("InStock", "in_stock"),
        ({"@id": "https://schema.org/PreOrder"}, "preorder"),
        (["InStock"], "in_stock"),
        ("", "unknown"),
        (3, "unknown"),
    ],
)
def test_availability_in_every_spelling(said, expected):
    assert offer(price=1, availability=said).availability == expected


def test_price_specifications_tell_price_from_list_price():
    facts = offer(
        priceSpecification=[
            {
                "@type": "UnitPriceSpecification",
                "priceType": "https://schema.org/ListPrice",
                "price": "699",
                "priceCurrency": "SEK",
            },
            {"@type": "UnitPriceSpecification", "price": 20, "referenceQuantity": {"value": 1, "unitCode": "KGM"}},
            {"@type": "UnitPriceSpecification", "price": 30, "billingDuration": 12},
            {"@type": "UnitPriceSpecification", "price": 450, "validForMemberTier": {"name": "Gold"}},
            {"@type": "UnitPriceSpecification", "price": 499.0},
        ],
        priceCurrency=None,
    )
    assert (facts.price, facts.list_price, facts.currency) == (49900, 69900, "SEK")


@pytest.mark.parametrize("kind", ["StrikethroughPrice", "https://schema.org/StrikethroughPrice", "MSRP"])
def test_a_list_price_stands_above_the_price_or_is_none(kind):
    spec = {"priceType": kind, "price": "599"}
    assert offer(price=499, priceSpecification=spec).list_price == 59900
    assert offer(price=599, priceSpecification=spec).list_price is None


def test_an_aggregate_is_a_price_only_without_a_range():
    aggregate = {"@type": "AggregateOffer", "priceCurrency": "EUR", "availability": "InStock"}
    assert one(chair(offers=aggregate | {"lowPrice": "5.00", "highPrice": "5.00"})).price == 500
    assert one(chair(offers=aggregate | {"lowPrice": 5, "offerCount": 1})).price == 500
    ranged = one(chair(offers=aggregate | {"lowPrice": 5, "highPrice": 9}))
    assert (ranged.price, ranged.availability, ranged.problems) == (None, "in_stock", [])
    assert one(chair(offers=aggregate | {"lowPrice": 5, "offerCount": "7"})).price is None


def test_of_several_offers_the_one_the_page_names_is_the_default():
    offers = [
        {"@type": "Offer", "url": f"{URL}?v={v}", "sku": v, "price": p, "priceCurrency": "EUR"}
        for v, p in (("red1", 10), ("blue", 20))
    ]
    facts = one(chair(offers=offers), url=f"{URL}?v=blue")
    assert (facts.price, [o.variant for o in facts.offers]) == (2000, ["blue", "red1"])


def test_of_several_offers_none_is_guessed():
    offers = [
        {"sku": "a", "price": 10, "availability": "OutOfStock"},
        {"sku": "b", "price": 20, "availability": "InStock"},
    ]
    facts = one(chair(offers={"@type": "AggregateOffer", "priceCurrency": "EUR", "offers": offers}))
    assert (facts.price, facts.currency, facts.availability) == (None, "EUR", "in_stock")
    assert [(o.variant, o.price) for o in facts.offers] == [(None, None), ("a", 1000), ("b", 2000)]


def test_offers_of_one_price_are_that_price():
    facts = one(chair(offers=[{"sku": "a", "price": 10, "availability": "OutOfStock"}, {"sku": "b", "price": "10.00"}]))
    assert facts.price == 1000


def test_used_and_member_offers_are_never_the_price():
    facts = one(
        chair(
            offers=[
                {"price": 5, "itemCondition": "https://schema.org/UsedCondition"},
                {"price": 7, "validForMemberTier": {"@type": "MemberProgramTier"}},
                {"price": 10, "itemCondition": "NewCondition"},
            ]
        )
    )
    assert (facts.price, [(o.price, o.condition) for o in facts.offers]) == (1000, [(1000, "new"), (500, "used")])


def test_descriptive_fields():
    facts = one(
        chair(
            name="Oslo &amp;amp; Bergen  Armchair",
            brand={"@type": "Brand", "name": "Nordlys&trade;"},
            image=["/a.jpg", {"@type": "ImageObject", "contentURL": "https://cdn.example/b.jpg"}, "/a.jpg", None, 3],
            gtin13="4006381333931",
            mpn=77,
            url="/p/oslo-armchair-1001#reviews",
            description="<p>Soft &eacute;toffe.</p><br/>",
            aggregateRating={"ratingValue": "8,6", "bestRating": 10, "reviewCount": "1,204"},
            additionalProperty=[
                {"name": "Seat", "value": {"@type": "QuantitativeValue", "value": 45, "unitText": "cm"}}
            ],
            color="Moss",
            width={"value": 80, "unitCode": "CMT"},
            category="Chairs > Armchairs",
        ),
        body="<h1>Oslo & Bergen Armchair</h1>",
    )
    assert facts.title == "Oslo & Bergen Armchair"
    assert (facts.brand, facts.gtin, facts.mpn, facts.url) == ("Nordlys™", "4006381333931", "77", URL)
    assert facts.images == ["https://shop.example/a.jpg", "https://cdn.example/b.jpg"]
    assert facts.rating == Rating(4.3, 1204)
    assert facts.specs == {"Color": "Moss", "Width": "80 CMT", "Seat": "45 cm"}
    assert facts.category == ["Chairs", "Armchairs"]
    assert "étoffe" in facts.description
    assert "<" not in facts.description


@pytest.mark.parametrize(
    "kind", ["http://schema.org/Product", ["Product", "Thing"], "schema:Product", "IndividualProduct"]
)
def test_product_types_in_every_spelling(kind):
    assert one(chair(**{"@type": kind})).price == 49900


def test_product_inside_a_page_object():
    assert one({"@type": "ItemPage", "mainEntity": chair()}).price == 49900
    assert (
        one({"@type": "Offer", "price": 5, "priceCurrency": "EUR", "itemOffered": chair(offers=None)}).title
        == "Oslo Armchair"
    )
    assert one({"@type": "BuyAction", "object": chair()}).sku == "1001"


def test_related_products_and_reviewed_items_are_never_the_product():
    other = chair(name="Lima Stool", sku="2002")
    assert structured.product_facts(page("", ld({"@type": "Review", "itemReviewed": other}))) == []
    facts = one(chair(isRelatedTo=[other], isSimilarTo=other, isAccessoryOrSparePartFor=other))
    assert (facts.title, facts.sku) == ("Oslo Armchair", "1001")


@pytest.mark.parametrize(
    "mine",
    [
        chair(url=URL, name="The armchair"),
        chair(name="The armchair", sku="oslo-armchair-1001"),
        chair(sku="", mpn=None),
    ],
    ids=["url", "sku", "name"],
)
def test_of_several_products_the_page_s_own_is_read(mine):
    others = [chair(name=f"Lima Stool {i}", sku=f"200{i}", url=f"https://shop.example/p/lima-{i}") for i in range(3)]
    facts = one(*others[:2], mine, others[2])
    assert facts.title == mine["name"]


def test_of_several_products_with_an_equal_claim_none_is_read():
    things = [chair(name="Lima Stool", sku="2001"), chair(name="Cusco Stool", sku="2002")]
    assert structured.product_facts(page("<h1>Our stools</h1>", ld(*things))) == []


def test_a_longer_name_is_not_taken_for_a_shorter_one():
    facts = one(
        chair(name="Oslo", sku="1"), chair(name="Oslo Armchair", sku="2"), chair(name="Oslo Armchair XL", sku="3")
    )
    assert facts.sku == "2"


def test_a_lone_product_is_read_where_the_page_says_no_more_than_the_shops_name():
    [facts] = structured.product_facts(page("<p>fine goods</p>", "<title>Shop</title>" + ld(chair(name="Lima Stool"))))
    assert facts.title == "Lima Stool"


def test_a_lone_product_of_another_page_is_not_read():
    lone = chair(name="Lima Stool", sku="2002", url="https://shop.example/p/lima-stool-2002")
    assert structured.product_facts(page("<h1>Oslo Armchair</h1>", TITLE + ld(lone))) == []


@pytest.mark.parametrize(
    ("lone", "read"),
    [
        ({"name": "Lima Bench"}, False),
        ({"name": "Lima Armchair"}, True),
        ({"name": "Lima Armchair", "url": "https://shop.example/p/lima-armchair-2002"}, False),
        ({"name": "Lima Bench", "url": URL}, True),
        ({"name": "Oslo Armchair, oak", "url": "https://shop.example/oslo"}, True),
    ],
)
def test_a_lone_product_is_read_where_its_name_or_address_is_the_pages(lone, read):
    [*found] = structured.product_facts(page("<h1>Oslo Armchair</h1>", TITLE + ld(chair(sku="2002") | lone)))
    assert bool(found) is read


def test_the_same_product_told_twice_is_one_and_completed():
    facts = one(chair(brand="", mpn="m"), chair(brand="Nordlys", offers={"price": 3}))
    assert (facts.brand, facts.mpn, facts.price) == ("Nordlys", "m", 49900)


def group(**more):
    variants = [
        {
            "@type": "Product",
            "sku": f"1001-{c}",
            "color": c,
            "url": f"{URL}?c={c}",
            "image": f"/{c}.jpg",
            "offers": {"price": p, "priceCurrency": "EUR", "availability": "InStock"},
        }
        for c, p in (("moss", 499), ("rust", 549))
    ]
    return {"@type": "ProductGroup", "name": "Oslo Armchair", "productGroupID": "1001", "hasVariant": variants} | more


def test_a_group_shows_the_variant_the_url_names():
    facts = one(group(), url=f"{URL}?c=rust")
    assert (facts.sku, facts.price, facts.variant, facts.images) == (
        "1001-rust",
        54900,
        "rust",
        ["https://shop.example/rust.jpg"],
    )
    assert [(o.variant, o.price) for o in facts.offers] == [("rust", 54900), ("moss", 49900)]


def test_a_group_without_a_chosen_variant_has_no_price_of_its_own():
    facts = one(group())
    assert (facts.title, facts.price, facts.availability) == ("Oslo Armchair", None, Availability.in_stock)
    assert len(facts.offers) == 3


def test_breadcrumbs_become_the_category_without_home_and_the_product():
    steps = [
        {"position": 3, "name": "Oslo Armchair", "item": URL},
        {"position": 1, "item": {"@id": "/", "name": "Home"}},
        {"position": "2", "item": {"@id": "/c/chairs", "name": "Chairs &amp; stools"}},
    ]
    facts = one(chair(), {"@type": "BreadcrumbList", "itemListElement": steps})
    assert facts.category == ["Chairs & stools"]


def test_name_without_search_engine_bait():
    assert one(chair(name="Oslo Armchair Price in India - Buy Oslo Armchair online")).title == "Oslo Armchair"


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381333932", None),
        ("036000291452", "036000291452"),
        ("0000000000000", None),
        ("400-6381 333931", "4006381333931"),
        ("12345", None),
        (None, None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_gtin_needs_its_check_digit(code, known):
    assert gtin(code) == known


def test_a_page_that_says_several_types_is_a_products_where_one_is():
    tags = (
        '<meta property="og:type" content="article"><meta property="og:title" content="Oslo Armchair">'
        '<meta property="og:type" content="product"><meta property="og:title" content="Chair">'
    )
    doc = page("", tags)
    assert (doc.opengraph["og:type"], doc.opengraph["og:title"]) == ("product", "Oslo Armchair")


def test_readers_come_in_order_of_trust():
    body = (
        '<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Oslo Armchair</h1>'
        '<div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><b itemprop="price">499</b>'
        '<meta itemprop="priceCurrency" content="EUR">'
        '<link itemprop="availability" href="http://schema.org/InStock"></div></div>'
    )
    tags = '<meta property="og:type" content="product"><meta property="og:title" content="Oslo Armchair">'
    readers = structured.product_facts(page(body, TITLE + tags + ld(chair())))
    assert [(f.reader, f.price) for f in readers] == [("jsonld", 49900), ("microdata", 49900), ("opengraph", None)]
    assert readers[1].availability == "in_stock"


def tags(**named):
    metas = "".join(f'<meta property="{k.replace("__", ":")}" content="{v}">' for k, v in named.items())
    return structured.product_facts(page("", metas))


def test_opengraph_prices():
    (facts,) = tags(
        product__price__amount="699.00",
        product__sale_price__amount="499.00",
        product__price__currency="EUR",
        og__title="Oslo",
        product__availability="in stock",
        og__image="/a.jpg",
        og__url=URL,
    )
    assert (facts.price, facts.list_price, facts.currency, facts.availability) == (49900, 69900, "EUR", "in_stock")
    assert (facts.title, facts.url, facts.images) == ("Oslo", URL, ["https://shop.example/a.jpg"])


def test_twitter_labels_and_bad_amounts():
    labelled = tags(twitter__label1="Price", twitter__data1="₹1,299", og__title="x")[0]
    assert (labelled.price, labelled.currency) == (129900, "INR")
    assert tags(og__type="product", product__price__amount="call")[0].problems == ["unreadable"]
    assert tags(og__type="website", og__title="Home") == []
    assert tags(og__type="product.group", og__title="Chairs") == []


def test_listing_takes_the_longest_list_and_keeps_names_without_prices():
    items = [{"@type": "ListItem", "position": i, "item": chair(name=f"Chair {i}", sku=str(i))} for i in range(5)]
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "url": "/c", "name": "c"}] * 9}
    carousel = {"@type": "ItemList", "itemListElement": items[:2]}
    whole = {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": items}}
    assert [f.sku for f in structured.list_facts(page("", ld(crumbs, carousel, whole)))] == list("01234")
    named = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "url": f"/p/{i}", "name": f"N {i}"} for i in "ab"],
    }
    assert [(f.title, f.url, f.price) for f in structured.list_facts(page("", ld(named)))] == [
        ("N a", "https://shop.example/p/a", None),
        ("N b", "https://shop.example/p/b", None),
    ]


def test_listing_prefers_the_reader_that_tells_prices():
    tile = (
        '<li itemscope itemtype="http://schema.org/Product"><a itemprop="url" href="/p/{0}">'
        '<b itemprop="name">N {0}</b></a>'
        '<i itemprop="offers" itemscope><meta itemprop="price" content="5{0}"></i>'
        '<p itemprop="isRelatedTo" itemscope itemtype="http://schema.org/Product"><b itemprop="name">Other</b></p></li>'
    )
    named = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "url": f"/p/{i}", "name": f"N {i}"} for i in range(9)],
    }
    facts = structured.list_facts(page("".join(map(tile.format, range(3))), ld(named)))
    assert [(f.title, f.price) for f in facts] == [("N 0", 5000), ("N 1", 5100), ("N 2", 5200)]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Oslo Armchair - Shop", "Oslo Armchair"),
        ("Oslo Armchair – Moss | Nordlys Living", "Oslo Armchair – Moss"),
        ("Oslo Armchair - Moss", "Oslo Armchair - Moss"),
        ("Shop", "Shop"),
    ],
)
def test_a_shared_title_without_the_name_of_the_shop(said, title):
    tags = {"og:type": "product", "og:title": said, "og:site_name": "Nordlys Living"}
    head = "".join(f'<meta property="{key}" content="{value}">' for key, value in tags.items())
    (facts,) = structured.product_facts(page("", head))
    assert facts.title == title
