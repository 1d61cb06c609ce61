import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.bases.leaves import leaves
from crawler.bases.price_row import price_row
from crawler.core.errors import MoneyError


def row(html):
    found = price_row(list(leaves(LexborHTMLParser(f"<body>{html}</body>").body)))
    return found and (found.price.amount // 100, found.list_price and found.list_price.amount // 100)


def div(*texts, style=""):
    return "".join(f'<div style="{style}">{t}</div>' for t in texts)


STRUCK = "text-decoration-line:line-through"


@pytest.mark.parametrize(
    ("html", "price", "listed"),
    [
        (div(div("₹307", "₹<!-- -->1,299", "<span>76% off</span>")), 307, 1299),
        (div(div("63%"), div("4,990", style=STRUCK), "₹1,869"), 1869, 4990),
        (div("₹59,900"), 59900, None),
        (div("<del>₹ 2,999</del>", "₹ 1,499"), 1499, 2999),
        (div("₹1,07,083", "₹84,490", "21% off"), 84490, 107083),
        (div("₹996", "₹999"), 996, 999),
        (div("Rs. 450/-"), 450, None),
        (div("₹450", "<s>₹450</s>"), 450, None),
        (div("₹799", "MRP ₹1,299", "38% off"), 799, 1299),
        (div(div("M.R.P.:", "₹1,299"), "₹799"), 799, 1299),
    ],
)
def test_a_row_in_any_order(html, price, listed):
    assert row(html) == (price, listed)


@pytest.mark.parametrize(
    "html",
    [
        div("₹2,659", "with Bank offer"),
        div("<span>₹2,659</span>") + div("with Bank offer"),
        div("Upto", "₹22,000", "Off on Exchange"),
        div("Buy without Exchange", "₹11,299"),
        div("₹56,905", "Lowest price for you"),
        div("Exchange offer") + div(div("Up to")) + div(div("₹500")),
        div("₹2,933 x 24m"),
        div("(₹94/250g)", "₹94/250g", "+₹199 Protect Promise Fee", "Buy at ₹1,775"),
        div("Total", "₹2,499"),
        div(div("₹1,200")) + div("+ 50 SuperCoins"),
        div("1,299", style=STRUCK),
        div("₹1,999", "₹999"),
        div("MRP", "₹1,299"),
        div("MRP: ₹1,299"),
        div("₹1,000", "₹1,500", "80% off"),
        div("₹100", "₹200", "₹300"),
        "no amounts",
    ],
)
def test_offers_and_riddles_are_no_price(html):
    assert row(html) is None


def test_the_first_row_that_is_a_price_wins():
    offer, price = div(div("₹17,249", "with Bank offer")), div(div("₹18,499", "₹45,999", "59% off"))
    assert row(offer + price) == (18499, 45999)
    assert row(price + offer + div(div("Upto", "₹2,000", "Off on Exchange"))) == (18499, 45999)


def test_what_is_hidden_is_not_read():
    assert row('<div style="display: none"><div>₹1</div></div><div hidden>₹2</div><script>₹3</script>' + div("₹4")) == (
        4,
        None,
    )


def test_an_unbelievable_amount_is_an_error():
    with pytest.raises(MoneyError):
        row(div("₹0"))


def rupees(amount):
    """1234567 -> ₹12,34,567, as India groups."""
    head, tail = str(amount)[:-3], str(amount)[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return "₹" + ",".join([*groups, tail])


OFFERS = [
    "",
    div("₹17", "with Bank offer"),
    div("Upto", "₹22,000", "Off on Exchange"),
    div("Buy at ₹9"),
    div("(₹94/250g)"),
]


@given(
    price=st.integers(1, 5_000_000), more=st.integers(1, 4_999_999), order=st.permutations(["price", "mrp", "off"]),
    marked=st.booleans(), before=st.sampled_from(OFFERS), after=st.sampled_from(OFFERS),
)  # fmt: skip
def test_law_the_row_says_what_is_paid_whatever_its_order_and_neighbours(price, more, order, marked, before, after):
    mrp = price + more
    parts = {"price": div(rupees(price)), "off": div(f"{min(99, more * 100 // mrp)}% off")}
    parts["mrp"] = div(rupees(mrp), style=STRUCK if marked else "")
    assert row(before + div("".join(parts[name] for name in order)) + after) == (price, mrp)


def test_a_discount_without_the_price_it_leads_to_is_no_price():
    assert row(div(div("₹15,999", "29% off"))) is None


@pytest.mark.parametrize("unit", ["(₹94/250 g)", "₹1.51/ml", "(₹ 378 / piece)", "₹94 per 100 g"])
def test_a_price_per_unit_in_the_row_is_no_price(unit):
    assert row(div(div("₹378") + div("₹430") + "<span>12% off</span>" + div(unit))) == (378, 430)
