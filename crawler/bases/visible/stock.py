"""Whether a page offers its product for sale, told by the purchase button and the stock line near its price."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.bases import read
from crawler.bases.visible.text import DEPTH, Skip, hidden, text
from crawler.core.models import Availability

LEVELS = 4  # how far above the price a button still belongs to it
ELEMENTS = 300
LABEL = 200  # characters of a button that are looked at
TILE_LINES = 12  # elements of one tile that are looked at
STOCK_LINE = 120  # characters; longer text is prose

_STOCK = ('[itemprop="availability"],[class*="stock" i],[id*="stock" i],[class*="availab" i],[id*="availab" i],'
          '[data-testid*="stock" i],[data-testid*="availab" i]')  # fmt: skip
_BUTTON = ('button,input[type="submit"],input[type="button"],a[class*="cart" i],a[class*="btn" i],'
           'a[class*="button" i],[role="button"]')  # fmt: skip
_ADD = re.compile(
    r"\b(?:add (?:\w+ )?to (?:\w+ )?(?:cart|bag|basket|trolley)|buy (?:it )?now|in den warenkorb|ajouter au panier|"
    r"(?:añadir|agregar) (?:al carrito|a la (?:cesta|bolsa))|comprar (?:agora|ahora)|"
    r"adicionar (?:ao carrinho|à sacola)|ajouter à mon panier|acheter maintenant|aggiungi al(?:la)? (?:carrello|borsa)|"
    r"in (?:de |mijn )?winkel(?:wagen|mand)(?:tje)?|(?:lägg|legg|læg) (?:i|til) (?:varukorg|handlekurv|kurv)(?:en)?|"
    r"lisää ostoskoriin|(?:dodaj )?do koszyka|(?:vložit |přidat )?do košíku|kosárba|adaugă în coș|sepete ekle|"
    r"в корзину|tambah ke keranjang|beli sekarang|in den einkaufs(?:wagen|korb)|jetzt kaufen|tilføj til kurv|"
    r"lisää koriin|do košíka|adauga in cos|u košaricu|u korpu|v košarico|į krepšelį|grozā|lisa (?:ostu)?korvi|"
    r"в (?:кошик|количката)|στο καλάθι|hemen al|kup teraz|thêm vào giỏ|mua ngay|"
    r"افزودن به سبد|(?:أضف|إضافة|اضف) (?:إلى|الى) (?:ال)?(?:سلة|عربة)|הוספה? לסל)\b|"
    r"^\W*(?:comprar|acheter|acquista|kaufen|köp|køb|kjøp|osta|koupit|kúpiť|kupuj|купить|купити|купи|satın al)\W*$|"
    r"カート(?:に(?:入れる|追加)|へ)|[カか][ゴご](?:に入れる|へ)|購入手続き|장바구니(?:에)? 담기|구매하기|바로 ?구매|"
    r"(?:加入|放入)(?:购物[车袋]|購物[車袋])|立即(?:购买|購買)|หยิบใส่|เพิ่มลง(?:ใน)?(?:ตะกร้า|รถเข็น)",
    re.I,
)
_GONE = re.compile(
    r"\b(?:sold ?out|out of stock|notify me|currently unavailable|ausverkauft|épuisé|agotado|esgotado|esaurito|"
    r"uitverkocht|slutsåld|utsolgt|udsolgt|wyprzedan[eya]|vyprodáno|vypredan\w+|tükendi|gelince haber ver|habis|"
    r"rupture de stock|prévenez-moi|av[ií]s(?:ar|e-?|a)me|avvisami|benachrichtigen|loppunut|nincs raktáron|elfogyott|"
    r"stoc epuizat|hlídat dostupnost|powiadom o dostępności|нет в наличии|сообщить о поступлении|немає в наявності|"
    r"изчерпан\w*|εξαντλ\w+|ناموجود|hết hàng)\b|売り?切れ|在庫(?:切れ|なし)|品切れ|完売|再?入荷(?:の?お知らせ|通知)|"
    r"품절|재입고|缺[货貨]|售罄|(?:到[货貨]|[货貨]到)通知|[补補][货貨]中|สินค้าหมด",
    re.I,
)
_PREORDER = re.compile(r"\W*(?:pre-?\s?(?:order|book)(?: now)?|(?:jetzt )?vorbestellen|précommander)\W*$", re.I)


class _Aside(NamedTuple):
    """What belongs to something else, by its name or by its place."""

    elsewhere: Skip
    outside: Collection[int]

    def holds(self, node: LexborNode) -> bool:
        return node.mem_id in self.outside or self.elsewhere(node.tag or "", node.attributes)


def availability(levels: list[LexborNode], elsewhere: Skip, outside: Collection[int] = ()) -> Availability:
    """From the nearest of the levels around the price that says something; unknown when what it says contradicts.
    `outside`: mem_ids of blocks that belong to other goods."""
    aside = _Aside(elsewhere, outside)
    silent: set[int] = set()  # elements a nearer level holds too
    for level in levels[:LEVELS]:
        told = {said for said in (*_buttons(level, aside, silent), *_stock_lines(level, aside, silent)) if said}
        if told:
            return told.pop() if len(told) == 1 else Availability.unknown
    return Availability.unknown


def stock_line(tile: LexborNode) -> Availability:
    """What the elements of a tile that are named after stock say; unknown unless they say one thing."""
    found = set[Availability]()
    for node in tile.css(_STOCK)[:TILE_LINES]:
        if node.mem_id != tile.mem_id and not hidden(node.attributes) and len(said := text(node)) <= STOCK_LINE:
            found.add(read.stock(said))
    found.discard(Availability.unknown)
    return found.pop() if len(found) == 1 else Availability.unknown


def _new(level: LexborNode, selector: str, silent: set[int]) -> Iterator[LexborNode]:
    for node in level.css(selector)[:ELEMENTS]:
        if node.mem_id not in silent:
            silent.add(node.mem_id)
            yield node


def _buttons(level: LexborNode, aside: _Aside, silent: set[int]) -> Iterator[Availability | None]:
    for node in _new(level, _BUTTON, silent):
        attributes = node.attributes
        label = " ".join([node.text(), attributes.get("value") or "", attributes.get("aria-label") or ""])[:LABEL]
        gone = _GONE.search(label)
        before = _PREORDER.match(label)
        if not (gone or before or _ADD.search(label)) or not _own(node, level, aside):
            continue
        if gone or before:
            yield Availability.out_of_stock if gone else Availability.preorder
        elif "disabled" not in attributes and attributes.get("aria-disabled") != "true":
            yield Availability.in_stock


def _stock_lines(level: LexborNode, aside: _Aside, silent: set[int]) -> Iterator[Availability | None]:
    for node in _new(level, _STOCK, silent):
        raw = node.text()
        if not raw or raw.isspace() or len(raw) > STOCK_LINE * 10 or not _own(node, level, aside):
            continue
        said = text(node)
        found = read.stock(said) if len(said) <= STOCK_LINE else Availability.unknown
        yield found if found is not Availability.unknown else None


def _own(node: LexborNode, level: LexborNode, aside: _Aside) -> bool:
    """Visible, and in no block of the level that belongs to something else."""
    current: LexborNode | None = node
    for _ in range(DEPTH):
        if current is None or current.mem_id == level.mem_id:
            return current is not None
        attributes = current.attributes
        if hidden(attributes) or (current is not node and aside.holds(current)):
            return False
        current = current.parent
    return False
