"""The words of shops, in the languages they are likely to use: what is in stock, and which amounts are no price."""

import re

from crawler.core.models import Availability

# said of delivery, of an alert or of something still to come: nothing about the product's own stock
ASIDE = re.compile(
    r"(?:notify|e-?mail|alert|tell|inform|text|remind)(?: me| us)?\b[^.!|\n]*|let me know[^.!|\n]*|"
    r"(?:delivery|shipping|shipment|pick-?up|click (?:&|and) collect|cod|cash on delivery|exchange|emi|express|offer|"
    r"installation|assembly|service|gift wrap\w*|warranty|return)\b[^.!|\n]{0,30}?(?:not |un)(?:available|deliverable)|"
    r"(?:back )?in[\s-]stock (?:soon|on|from|alert|notification|by|again)\b|back in[\s-]stock|"
    r"available (?:from|in|on|at|for|with|soon|again|colou?rs|sizes|offers|options)\b|coming soon",
    re.I,
)
_WORDS = {
    Availability.discontinued: r"discontinued|no longer (?:available|sold|made|stocked|in production)|end of life|"
    r"nicht mehr (?:lieferbar|erhältlich)|produit arrêté|descatalogado|fuori produzione|снят\w* с производства",
    Availability.preorder: r"pre-?\s?order(?:s|ed|ing)?\b(?! (?:is|are) (?:closed|over))|pre-?\s?book(?:ing)?\b|"
    r"vorbestell\w*|précommand\w*|preventa|reserva anticipada|preordin\w*|اطلب مسبق[اً]*|"
    r"pré-venda|förbeställ\w*|forh[åa]ndsbestil\w*|forudbestil\w*|předobjedn\w+|przedsprzedaż|előrendel\w*|"
    r"ön sipariş|предзаказ|予約(?:受付|商品|販売)|예약 ?판매|预售|預售|預購",
    Availability.backorder: r"back-?\s?order(?:ed|able)?\b|made[\s-]to[\s-]order|auf bestellung|"
    r"sur commande|bajo pedido|sob encomenda|su ordinazione|op bestelling|beställningsvara|bestillingsvare|"
    r"na zamówienie|na objednávku|rendelésre|la comandă|под заказ|під замовлення|お?取り?寄せ",
    Availability.out_of_stock: r"(?:currently|temporarily|presently|now|item is|product is|this is|it is|it's) "
    r"(?:not available|unavailable)|out[\s-]?of[\s-]?stock|(?<!almost )(?<!nearly )(?<!not )sold[\s-]?out|"
    r"not (?:currently )?in[\s-]stock|\bno stock|we don['’]t know when or if this item|stock khatam|"
    r"(?<![\d.,])0 (?:left|available|in stock|items? left)|\b(?:niet|inte) (?:op voorraad|i lager)|uitverkocht|"
    r"slut i lager|slutsåld|ausverkauft|vergriffen|nicht (?:mehr )?(?:auf lager|vorrätig|verfügbar|lieferbar)|"
    r"rupture de stock|en rupture|épuisée?|indisponible|plus en stock|agotad[oa]|sin (?:stock|existencias)|"
    r"no disponible|fuera de stock|esgotado|indisponível|non disponibile|esaurit[oa]|niedostępn\w+|brak w magazynie|"
    r"wyprzedan[eya]|ikke på lager|udsolgt|utsolgt|loppunut|ei (?:varastossa|saatavilla)|není skladem|vyprodáno|"
    r"nie je (?:na sklade|skladom)|vypredan\w+|nincs (?:raktáron|készleten)|elfogyott|stoc epuizat|indisponibil|"
    r"nu este (?:în|in) stoc|stokta (?:yok|bulunm|kalmad)\w*|tükendi|nema na (?:stanju|zalihi)|rasprodan\w*|"
    r"ni na zalogi|razprodano|\bneturime|išparduota|nav (?:noliktavā|pieejams)|izpārdots|läbi müüdud|"
    r"нет (?:в наличии|на складе)|распродан\w*|немає в наявності|няма (?:в )?наличност|изчерпан\w*|"
    r"εξαντλ\w+|μη διαθέσιμ\w+|δεν είναι διαθέσιμ\w+|hết hàng|สินค้าหมด|ناموجود|موجود (?:نیست|نمی)|אזל|לא במלאי|"
    r"売り?切れ|在庫(?:切れ|なし|がありません)|品切れ|完売|품절|재고 ?없음|매진|[缺无無][货貨]|售罄|补货中|補貨中|"
    r"stok habis|غير متوفر\w*|غير متاح\w*|نفد\w*|نفذ\w* الكمية|स्टॉक में नहीं|स्टॉक ख़?त्म",
    Availability.in_stock: r"(?<!not )(?<!currently )(?<!0 )\bin[\s-]stock|(?:only|just|hurry,?) (?:a )?"
    r"(?:\d+|few|one|two|three)(?: \w+)? (?:left|remaining)|\b[1-9]\d* (?:left|available|remaining|in stock)\b|"
    r"\bfew left|(?:almost|nearly) sold[\s-]?out|ready to ship|"
    r"(?<!nicht )(?<!mehr )(?:auf lager|lieferbar|vorrätig|verfügbar)|"
    r"(?<!rupture de )(?<!plus )\ben stock|(?<!no )(?<!non )\bdisponi(?:ble|bile)\b(?! (?:en|à|a|dal|desde))|"
    r"en existencias?|em estoque|(?<!niet )op voorraad|(?<!inte )(?<!slut )\bi lager|\bdostępn\w+|stok tersedia|"
    r"(?<!brak )w magazynie|(?<!ikke )på lager|(?<!ei )\bvarastossa|(?<!není )\bskladem|"
    r"(?<!nie je )(?:na sklade|skladom)\b|(?<!nincs )(?:raktáron|készleten)|(?<!nu este )\b(?:în|in) stoc\b|"
    r"stokta(?: var| mevcut)|(?<!nema )(?<!ni )na (?:stanju|zalihi|zalogi)|\bturime\b|(?<!nav )noliktavā|laos olemas|"
    r"(?<!нет )в наличии|(?<!немає )в наявності|(?<!няма )в наличност|(?<!είναι )(?<!μη )διαθέσιμο|còn hàng|มีสินค้า|"
    r"(?<!نا)(?<!غير )موجود(?! نیست| نمی)|(?<!לא )(?<!אזל )במלאי|在庫(?:あり|有り|僅少)|재고 ?있음|有[货貨]|现货|現貨|"
    r"(?<!غير )متوفر\w*|(?<!غير )متاح\w*|स्टॉक में है",
}
_ALONE = {
    Availability.in_stock: r"available|yes",
    Availability.out_of_stock: r"unavailable|not available|sold|oos",
}
GONE = _WORDS[Availability.out_of_stock]
STOCK = {word: re.compile(pattern, re.I) for word, pattern in _WORDS.items()}
STOCK_ALONE = {word: re.compile(rf"\W*(?:{pattern})\W*", re.I) for word, pattern in _ALONE.items()}

# words beside an amount that make it another thing than the price
NOT_A_PRICE = re.compile(
    r"\b(?:off|saved?|saving|savings?|you save|discount(?:ed by)?|cash\s?back|coupons?|voucher|promo code|use code|"
    r"emi|instal?ments?|per month|a month|monthly|per year|p\.?m\.?|no cost|interest|down payment|deposit|"
    r"m\.?\s?r\.?\s?p\.?|rrp|msrp|list price|was|were|before|regular price|original(?:ly)?|exchange|trade[- ]?in|"
    r"members?(?:hip)?|plus price|club price|prime (?:price|member)|with (?:prime|card|bank)|bank offer|credit card|"
    r"debit card|upi|used|refurbished|renewed|pre-owned|open box|second hand|new (?:&|and) used|other sellers?|"
    r"more buying|buying options|from other|delivery|shipping|postage|handling|convenience fee|packaging|assembly|"
    r"protection|warranty|insurance|gift ?card|minimum order|orders? (?:over|above|of)|spend|over|above|up ?to|"
    r"buy (?:\d|any)|bundle|combo|frequently bought|sponsored|unit price|per (?:unit|piece|pc|kg|g|gram|100|l|litre|"
    r"liter|ml|count|item|m|metre|meter|sq|ft|oz|lb|each)|(?:lowest|best) price (?:in|of)|"
    r"30[- ]day low|days?|nights?|weeks?|points?|worth|"
    r"rabatt|gespart|sparen|ersparnis|statt|uvp|ehem\.?|bisher|rent(?:al)?|lease|leasing|monatlich|"
    r"pro monat|raten?|versand|"
    r"grundpreis|gebraucht|pfand|statiegeld|dont|[ée]co-?(?:part\w*|taxe?|mobilier|contribution)|recycling fee|recupel|"
    r"gutschein|économi\w*|remise|au lieu de|mensualit\w*|"
    r"par mois|livraison|occasion|prix conseillé|ahorr\w*|"
    r"descuento|antes|cuotas?|al mes|envío|usados?|precio recomendado|risparmi\w*|sconto|spedizione|korting|bespaar|"
    r"tagen?(?:-\w+)?|jours|d[íi]as|giorni|dag(?:en|ar|er|e)|dn[ůíi]|napos|napja|zile|gün\w*|дн(?:ей|я|і|и)|"
    r"ημερών|päivä\w*|medlemspris\w*|mitglieder\w*|ledenprijs|prix (?:club|membres?|adhérents?)|"
    r"precio (?:club|soci[oa]s?)|prezzo (?:club|soci)|cena klubow\w+|по карте|taksit|parcelas?|juros|"
    r"adviesprijs|sleva|rabat|oszczęd\w*|скидка|вместо|вы экономите)(?!\w)|"
    r"\d\s?%|/\s?(?:mo(?:nth)?|kg|g|l|ml|100|m|m²|sq|pc|piece|unit|count|oz|lb)\b|خصم|وفر|قسط|شحن",
    re.I,
)
