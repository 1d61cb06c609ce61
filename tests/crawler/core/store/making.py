"""Records and designs to store: `full_*` use every field, the others say only what a test is about."""

import msgspec

from crawler.core.models import (
    Absence,
    Availability,
    Belief,
    Candidate,
    Change,
    Design,
    Evidence,
    License,
    Move,
    Offer,
    Product,
    Rating,
    Record,
    Rendition,
    Verified,
)

# Names a shop may give a spec, and a candidate's slot: none is safe as a field name everywhere.
NASTY = ["a.b", "$set", "it's", 'the "best"', "Größe", "माप", "", " ", "a|b#price", "x\0y", "🛋", "-- ;DROP", "_id", "k"]


def full_record(rev=1, id_="oak:1"):
    evidence = Evidence(fields=dict.fromkeys(NASTY, "jsonld"), depth="list", confidence=0.4, disputed=["price", "a.b"],
                        witnesses={"price": ["jsonld", "state"]}, fetched_at=12.5)  # fmt: skip
    offer = Offer(price=129_900, list_price=199_900, currency="INR", availability=Availability.preorder,
                  variant="red|large", seller="Ödegård's", condition="used", location_asked="560001",
                  location="560002", bid=120_000, last_sale=125_000, unseen_since=4.5)  # fmt: skip
    product = Product(
        id=id_, retailer="oak", sku="1", url="https://oak.test/1?a=1&b=$2", title="Söfa “Ωmega” $set.x",
        brand="Ødegård", gtin="0123", mpn="m-1", category=["Living room", "Sofas & beds"], images=["https://oak.test/1.jpg"],
        description="A\nsofa\t\"with\" 'quotes' \\ and 🛋", specs={name: f"{name} value" for name in NASTY},
        offers=[offer, Offer()], rating=Rating(4.5, 12), verified=Verified(url=True, image=None, price=False, at=3.25),
        evidence=evidence, quality=0.75,
    )  # fmt: skip
    candidates = {name: Candidate("9.00", 7.5, "jump") for name in NASTY} | {"none": Candidate(None, 8.0, "vanished")}
    candidates["full"] = Candidate("9.00", 7.5, "jump", "proxy:10.0.0.1:8080#confirm", "list", 2)
    moves = {name: [Move("10.00", 7.25, back=True), Move(None, 7.5)] for name in NASTY}
    return Record(product, rev, first_seen=1.5, last_seen=2.5, last_changed=2.25, digest="d1", candidates=candidates,
                  outbox=[change("c1", id_), change("c2", id_)], moves=moves,
                  believed={"price": Belief(["jsonld", "a.b"], disputed=True)},
                  vanished=NASTY, absent=Absence(1.5, 2.5, 3, ["direct", "browser"]))  # fmt: skip


def record(n=1, rev=1, at=1.0, outbox=(), **fields):
    """One product of shop oak. `price`, `list_price`, `currency`, `availability` are its offer's."""
    offer = {k: fields.pop(k) for k in ("price", "list_price", "currency", "availability") if k in fields}
    fields = {"retailer": "oak", "sku": str(n), "url": f"https://oak.test/{n}", "title": "Stool"} | fields
    product = Product(id=f"{fields['retailer']}:{n}", offers=[Offer(**offer)] if offer else [], **fields)
    return Record(product, rev, at, at, at, digest=f"d{rev}", outbox=list(outbox))


def following(known, **fields):
    """What a writer that read `known` writes next."""
    return msgspec.structs.replace(known, rev=known.rev + 1, **fields)


def change(id_="c1", product_id="oak:1", at=5.0, new="9.00"):
    return Change(id=id_, product_id=product_id, field="price", old="10.00", new=new, currency="INR", observed_at=at,
                  confirmed="repeat", variant="red", seller="S", location="560001", position="1-0")  # fmt: skip


def full_design():
    return Design(
        id="wood:1", source="wood", url="https://wood.test/1",
        renditions=[Rendition("https://wood.test/1.jpg", 800, 600), Rendition("https://wood.test/1s.jpg")],
        license=License("CC-BY-4.0", "https://cc.test/by", "4.0"), title="Küche", author="Å. B.",
        author_url="https://wood.test/ab", attribution="By Å. B.", attribution_html="<a>By</a>", width=800, height=600,
        tags=["kitchen", "oak"], thumbnail="https://wood.test/1t.jpg", colors=["#a0b0c0", "Dark Red"], placeholder="L5",
        phash="f" * 64, group="wood:1", verified=Verified(image=True, at=2.5), quality=0.5,
        quality_parts={"sharp.ness": 0.25, "$size": 1.0}, fetched_at=7.75,
        ping="https://wood.test/used/1",
    )  # fmt: skip


def design(n=1, **fields):
    fields = {"source": "wood", "license": License("cc0-1.0")} | fields
    return Design(id=f"{fields['source']}:{n}", url=f"https://wood.test/{n}", renditions=[], **fields)
