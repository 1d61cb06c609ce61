"""What a page adds to what is remembered of its site."""

import hashlib
from collections import Counter
from collections.abc import Mapping

import msgspec

from crawler.core.drift.faults import Compared, Faults
from crawler.core.drift.goods import PATIENT, Move, Strange, move, patient, remembered, strange, unlisted, waiting
from crawler.core.drift.memory import ADDRESSES, GOODS, SAMPLES, Address, Memory, Sample
from crawler.core.drift.usual import HALF, Usual, share_told
from crawler.core.drift.voices import as_ever, poorer
from crawler.core.models import Page, Product

BELIEVED = frozenset({"moved", "stock"})  # faults of pages that are as good as any
UNSURE = frozenset({"disputed"})


def mark(url: str) -> str:
    """A short name of an address."""
    return hashlib.blake2b(url.encode(errors="replace"), digest_size=6).hexdigest()


def name(product: Product) -> str:
    """A product at a place."""
    offer = product.offers[0] if product.offers else None
    return product.id if offer is None or not offer.location_asked else f"{product.id}@{offer.location}"


def compare(
    page: Page, sample: Sample, usual: Usual | None, memory: Memory, at: float, published: Mapping[str, int | None]
) -> Compared:
    odd, moves, healthy = dict[str, Strange](), Counter[Move](), memory.state == "healthy"
    found = Compared(odd, moves, sample.currencies, as_ever=True)
    for product in page.products:
        good, offer = memory.goods.get(name(product)), product.offers[0] if product.offers else None
        kind = strange(product, good, usual, healthy=healthy, published=published.get(product.id))
        if kind in PATIENT and good and offer and healthy and patient(good, offer, kind, at):
            kind = None
        if kind:
            odd[product.id] = kind
        if way := move(offer, good):
            moves[way] += 1
        found.poorer = found.poorer or poorer(product, good)
        found.unlisted = found.unlisted or unlisted(product, good)
        found.as_ever = found.as_ever and as_ever(product, good)
    return found


def learn(page: Page, sample: Sample, level: float | None, faults: Faults, compared: Compared, memory: Memory) -> None:
    """From a page that is stored. Only one without a fault tells what is usual."""
    if UNSURE.isdisjoint(faults):
        whole = BELIEVED.issuperset(faults)
        for product in page.products:
            if product.id not in compared.strange:
                _keep(memory, product, whole)
    if BELIEVED.issuperset(faults):
        depth = page.products[0].evidence.depth
        kept = memory.samples.get(depth, [])
        memory.samples[depth] = [*kept[1 - SAMPLES :], sample]
        _size(memory.addresses, mark(page.url), Address(sample.items, level, fields=told(sample)))


def _keep(memory: Memory, product: Product, whole: bool) -> None:
    """`whole`: of a page without a fault; else only the values of a known product are kept."""
    key, goods = name(product), memory.goods
    good = goods.pop(key, None)
    kept = remembered(product, good)
    if kept and good and not whole:
        kept.reader, kept.readers, kept.agreed = good.reader, good.readers, good.agreed
    if kept and (good or whole):
        goods[key] = kept
    if len(goods) > GOODS:
        del goods[next(iter(goods))]


def told(sample: Sample) -> list[str]:
    return [field for field in sample.told if share_told(field, sample) >= HALF]


def postpone(page: Page, compared: Compared, memory: Memory, at: float) -> None:
    """Values too odd to be believed now: what they are, and since when."""
    for product in page.products:
        good, kind = memory.goods.get(name(product)), compared.strange.get(product.id)
        if good and kind in PATIENT and product.offers:
            memory.goods[name(product)] = waiting(good, product.offers[0], kind, at)


def shrunk(addresses: dict[str, Address], url: str) -> None:
    """One more page of this address with few tiles."""
    address = addresses[url]
    _size(addresses, url, msgspec.structs.replace(address, odd=address.odd + 1))


def _size(addresses: dict[str, Address], url: str, address: Address) -> None:
    addresses.pop(url, None)
    addresses[url] = address
    if len(addresses) > ADDRESSES:
        del addresses[next(iter(addresses))]
