"""How shops of other tongues say that a page or a good is not there: whole sentences, as regular expressions."""

_SO = r"(?: (?:leider|malheureusement|helaas|desværre|dessverre|tyvärr|niestety|bohužel))?"

GONE = (
    # German
    rf"(?:die|der|das|diese|dieser|dieses|ihre) (?:\w+ ){{0,4}}(?:seite|artikel|produkt|angebot){_SO} (?:konnte|"
    rf"wurde|"
    rf"ist|gibt es|existiert){_SO} nicht(?: mehr)?(?: gefunden(?: werden)?| verfügbar| erhältlich| lieferbar|"
    rf" vorhanden)?",
    r"ist (?:dieser|dieses|der|das) (?:artikel|produkt) nicht mehr (?:verfügbar|erhältlich|lieferbar)",
    r"wir (?:konnten|können) (?:die|diese|den|das) (?:\w+ )?(?:seite|artikel|produkt) (?:leider )?nicht finden",
    r"wir bedauern|fehler 404|404[ -]fehler",
    # French
    r"(?:cette page|ce produit|cet article|la page) n'(?:existe|est) (?:pas|"
    r"plus)(?: ou plus)?(?: disponible)?(?: à la vente)?",
    r"(?:page|article|produit) (?:non|pas) trouvée?|(?:erreur|page) 404|nous ne (?:trouvons|"
    r"retrouvons) pas (?:cette|la) page",
    # Spanish and Portuguese
    r"no (?:encontramos|hemos (?:podido )?encontra(?:do|r)|podemos encontrar|se encontró|se ha encontrado) (?:la|"
    r"esta|el|este)"
    r" (?:página|producto|artículo)(?: que \w+)?",
    r"(?:producto|artículo|página) no (?:disponible|encontrad[oa])|este producto no está disponible",
    r"(?:página|produto) não (?:encontrad[ao]|disponível|existe)|não (?:encontramos|conseguimos encontrar) (?:a|"
    r"esta|o|este)"
    r" (?:página|produto)(?: que (?:você )?\w+)?|este produto não está mais disponível|erro 404",
    # Italian
    r"(?:la pagina|il prodotto|l'articolo|questa pagina|questo prodotto) (?:(?:che|richiest[ao]) ?(?:stai cercando|"
    r"cerchi|"
    r"hai richiesto)? ?)?non (?:è (?:più |stat[ao] )?(?:disponibile|trovat[ao])|esiste(?: più)?)|errore 404",
    # Dutch
    r"(?:de|deze|dit|het) (?:pagina|product|artikel)(?: (?:die|dat) (?:je|u) zoekt)?(?: is)? (?:kan |"
    r"kon )?(?:helaas )?niet"
    r"(?: \(?meer\)?)?(?: gevonden(?: worden)?| leverbaar| beschikbaar| te vinden)?|(?:pagina|product) niet gevonden",
    # Nordic
    r"(?:sidan|produkten|varan|artikeln)(?: (?:kunde inte hittas|hittades inte|finns inte(?: längre| kvar)?|saknas|"
    r"har utgått))",
    r"vi (?:hittade inte|kan inte hitta|hittar inte) sidan|(?:siden|produktet|varen)(?: (?:blev|"
    r"ble))? (?:ikke fundet|"
    r"ikke funnet|findes ikke(?: længere)?|finnes ikke(?: lenger)?|kunne ikke findes|er udgået)|fant ikke siden|"
    r"vi kan(?: desværre)? ikke finde siden|(?:sivua|tuotetta) ei (?:löytynyt|löydy)|hakemaasi sivua ei löytynyt",
    # Slavic
    r"(?:strona|podana strona|ta strona) nie (?:istnieje|została znaleziona)|ten produkt jest (?:już )?niedostępny|"
    r"produkt (?:jest )?niedostępny|błąd 404|(?:stránka|produkt)(?: nebyla| nebyl| nenalezena| nenalezen|"
    r" neexistuje){1,2}(?: nalezena| nalezen)?|stránku sa nepodarilo nájsť|"
    r"(?:такая |эта )?страница не (?:найдена|существует)|такой страницы (?:не существует|нет)|товар (?:не найден|"
    r"снят с (?:производства|продажи))|ошибка 404|сторінк[ау] не (?:знайдено|існує)|товар не знайдено",
    # others of Europe
    r"az? (?:keresett )?(?:oldal|termék) nem található|pagina nu (?:a fost găsită|există)|"
    r"(?:aradığınız |istediğiniz )?(?:sayfa|ürün) bulunamadı|η σελίδα δεν (?:βρέθηκε|υπάρχει)",
    # Asia
    r"(?:お探しの|この|指定された|ご指定の)?(?:ページ|商品)(?:が|は)(?:現在)?(?:見つかりません.{0,12}|"
    r"存在しません.{0,6}|"
    r"お取り扱い(?:できません|しておりません)|販売(?:を)?終了.{0,10})",
    r"(?:抱歉|很抱歉|对不起)?[,，!！ ]*(?:您(?:访问|查看|要找|请求)的)?(?:页面|頁面|商品|宝贝|"
    r"网页)(?:已经?)?(?:不存在|已?下架|"
    r"找不到了?|已失效)(?:了)?|找不到(?:该|此|您访问的)?(?:页面|頁面|商品)",
    r"(?:요청하신 |찾으시는 )?(?:페이지|상품)(?:를|을|가|이) (?:찾을 수 없습니다|존재하지 않습니다)",
    r"(?:الصفحة|المنتج) غير (?:موجودة|موجود|متوفر)|لم يتم العثور على الصفحة|הדף (?:לא נמצא|אינו קיים)",
    r"(?:पेज|पृष्ठ|उत्पाद) नहीं मिला|halaman tidak ditemukan|produk tidak (?:ditemukan|tersedia)|"
    r"không tìm thấy (?:trang|sản phẩm)(?: này)?|trang không tồn tại|ไม่พบ(?:หน้า|สินค้า).{0,20}",
)
