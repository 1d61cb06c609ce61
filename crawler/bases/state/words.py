"""What the fields of a shop's own JSON are called, whoever wrote it. Names are compared in lower case, letters only."""

import re
from functools import lru_cache
from typing import Literal

Meaning = Literal["name", "id", "url", "slug", "paid", "plain", "weak", "listed", "currency", "stock", "gone", "prices",
                  "variants", "brand", "image", "gtin", "mpn", "seller", ""]  # fmt: skip

_WORDS: dict[str, str] = {
    "name": "name title productname producttitle displayname itemname fullname producttitlename skuname",
    "id": "id sku skuid productid itemid styleid articlenumber articleno articleid productcode usitemid tcin asin pid "
    "partnumber itemno itemnumber variantid code uid baseproductid entityid legacyid productsku parentsku listingid "
    "masterid stylecode catalogid",
    "url": "url canonicalurl producturl link href pdpurl landingpageurl path permalink pageurl detailurl seourl weburl",
    "slug": "slug handle urlkey seoname urlhandle",
    "paid": "saleprice sellingprice finalprice specialprice discountedprice currentprice offerprice nowprice yourprice "
    "customerprice pricenow effectiveprice displayprice salesprice actualsellingprice nettprice activeprice "
    "priceafterdiscount discountprice dealprice",
    "plain": "price amount value",
    "weak": "regularprice",
    "listed": "listprice mrp compareatprice wasprice originalprice rrp msrp strikethroughprice oldprice retailprice "
    "suggestedretailprice pricebeforediscount maximumretailprice strikeprice crossedprice previousprice "
    "recommendedretailprice displayregularprice mrpprice productmrp uvp",
    "currency": "currency currencycode pricecurrency currencyiso currencyunit currencyisocode currencyid",
    "stock": "instock isinstock available isavailable availability stockstatus availabilitystatus inventorystatus "
    "isbuyable purchasable stocklevelstatus stock",
    "gone": "outofstock isoutofstock soldout issoldout isoos oos unavailable",
    "prices": "price prices pricing priceinfo pricinginfo pricedata pricedetails pricemodel pricesummary priceobject "
    "productprice pricev",
    "variants": "variants skus sizes variations productvariants simpleproducts children childskus sizevariants models",
    "brand": "brand brandname manufacturer vendor",
    "image": "image images imageurl imageurls media gallery featuredimage imagesrc mainimage primaryimage searchimage "
    "thumbnail imagelist",
    "gtin": "gtin gtinean ean upc gtins barcode isbn",
    "mpn": "mpn manufacturerpartnumber modelnumber",
    "seller": "seller sellername soldby merchant merchantname",
}  # fmt: skip
_MEANINGS: dict[str, set[str]] = {}
for _meaning, _names in _WORDS.items():
    for _name in _names.split():
        _MEANINGS.setdefault(_name, set()).add(_meaning)

# inside an object that holds prices, shorter words will do
_INSIDE: dict[str, Meaning] = dict.fromkeys(
    ("sale", "selling", "final", "special", "discounted", "current", "now"), "paid"
)
_INSIDE |= dict.fromkeys(("list", "was", "original", "old", "strikethrough", "compareat", "crossed"), "listed")
_INSIDE |= {"regular": "weak", "base": "", "formatted": "plain"}
_NOT_LETTERS = re.compile(r"[^a-z]")


@lru_cache(8192)
def plain(key: str) -> str:
    """Lower-case letters only, without the arguments of a cached query: `price({"currency":"INR"})` is "price"."""
    return _NOT_LETTERS.sub("", key.partition("(")[0].lower())


@lru_cache(8192)
def meanings(key: str) -> frozenset[str]:
    """What a field may hold by its name; empty for any other field."""
    return frozenset(_MEANINGS.get(plain(key), ()))


def inside(key: str) -> Meaning:
    """What a field of an object of prices holds."""
    return _INSIDE.get(plain(key), "")


_IDENTIFYING = {"name", "id", "url", "slug"}


@lru_cache(8192)
def identifies(key: str) -> bool:
    """Can a field of this name tell which good an object describes?"""
    return not _IDENTIFYING.isdisjoint(meanings(key))


@lru_cache(8192)
def priced(key: str) -> bool:
    """Can a field of this name hold a price?"""
    return bool(meanings(key) & {"paid", "plain", "weak", "listed", "prices"})
