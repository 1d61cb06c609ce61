"""Walls, refusals and absences in the frames, tongues and answers that sites use; and the pages that only look so."""

import pytest

from crawler.core.verdicts import Verdict, judge
from crawler.core.verdicts.lost import lost

URL = "https://shop.test/p/oak-table-12345"
API = "https://shop.test/api/products/12345"
LINKS = "".join(f'<li><a href="/c/{n}">Room {n}</a></li>' for n in range(30))
PASSWORD = '<form><input name="user"><input type="password" name="pass"><button>Go</button></form>'
BUTTON = "<button>OK</button>"
COUNTRIES = "".join(f'<a href="/{n}">Country {n}</a>' for n in range(60))


def page(body: str, title: str = "Shop", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def framed(body: str, title: str = "Shop") -> bytes:
    """Between the links of a shop's header and footer, without goods."""
    return page(f"<header><ul>{LINKS}</ul></header>{body}<footer>{LINKS}</footer>", title)


def verdict(body: bytes, url: str = URL) -> Verdict:
    return judge(200, {}, url, url, body)[0]


CAPTCHAS = {
    "firewall script": page("", "", '<script src="/TSPD/08a?type=10"></script><script>window["bobcmn"]="1"</script>'),
    "seed": page("<script>var rbzns={seed: 1}</script>", ""),
    "checkpoint": page("<p>We're verifying your browser</p><a href='https://vercel.link/security-checkpoint'>Fix</a>"),
    "checkpoint by its title": page("<p>Wait</p>", "Vercel Security Checkpoint"),
    "hosting": page("", "", '<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F">'),
    "behaviour": page('<div id="sec-if-cpt-container"></div>' + LINKS),
    "letters": page("<form><img src='https://a.ssl-images-amazon.com/captcha/x.jpg'></form>" + LINKS),
    "in French": page("<h1>Un instant</h1><p>Nous avons détecté une activité inhabituelle.</p>", "shop.test"),
    "letters in Spanish": page("<h4>Escribe los caracteres que ves en esta imagen:</h4>"),
    "go on, in German": page("<h4>Klicke auf die Schaltfläche unten, um fortzufahren</h4><form></form>"),
    "in Japanese": page("<p>ロボットではないことを確認してください。</p>", "確認"),
    "in Polish": page("<p>Potwierdź, że nie jesteś robotem.</p>"),
    "led to": b'{"redirectUrl":"/blocked?url=L2lw&uuid=1"}',
    "of a bot, with hours": page("<p>You look like a robot. Help: 24 hours 7 days. © 2025 European Shops</p>"),
}
REFUSALS = {
    "code": b"error code: 1020",
    "gateway": b"Bad Gateway",
    "balancer": b"upstream connect error or disconnect/reset before headers",
    "WAF": page("<p>The request is blocked.</p><span>0XaZ</span>", ""),
    "security service": page("<p>This request was blocked by our security service</p><p>Powered by Imperva</p>", ""),
    "heading in a frame": framed("<h1>Something went wrong</h1>"),
    "server error in a frame": framed("<h1>500 - Internal Server Error</h1>"),
    "soon back, in a frame": framed("<h1>We'll be right back</h1>"),
    "shop gone for now": page("<h1>Sorry, this shop is currently unavailable.</h1>", "Ecommerce software"),
    "for now": page("<main>You are temporarily blocked. Try again later.</main>"),
    "in Russian": page("<h1>Доступ временно ограничен</h1>"),
    "among sold goods": page("<h1>Access denied</h1><p>Goods may be sold out. $5 off next time.</p>", "Access denied"),
    "in Korean": page("<h1>요청을 처리할 수 없습니다</h1><form></form>"),
    "soon back, in few words": page("<h1>Will be right back...</h1><p>Thank you for your patience with us.</p>"),
    "maintenance in Italian": page("<h1>Sito in manutenzione</h1>", "Manutenzione"),
    "queue in German": page("<h1>Du bist in der Warteschlange</h1><p>Bitte lade die Seite nicht neu.</p>", "Geduld"),
    "XML": b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    "JSON without data": b'{"errors":[{"message":"Unauthorized"}],"data":{"product":null}}',
    "JSON, log in": b'{"code":401,"msg":"Please login first"}',
    "JSON, a reason": b'{"ok":false,"reason":"blocked"}',
    "JSON, a problem": b'{"title":"Forbidden","status":403}',
}
CONSENT = {
    "Italian": page(f"<p>Noi e i nostri partner archiviamo informazioni, come i cookie.</p>{BUTTON}"),
    "German": page("<p>Mit Werbung weiterlesen</p><button>Akzeptieren und weiter</button>"),
    "Swedish": page("<p>Vi använder cookies.</p><button>Acceptera alla</button>"),
    "Polish": page(f"<p>My i nasi partnerzy przechowujemy pliki cookie.</p>{BUTTON}"),
    "legal age": page("<h1>Are you of legal drinking age?</h1><a href='?ok'>Yes</a>"),
    "age in French": page(f"<h1>Avez-vous plus de 18 ans ?</h1>{BUTTON}"),
    "countries": page(COUNTRIES, "Select your country | Shop"),
    "country in German": page("<h1>Wähle dein Land</h1><a href=/de>Deutschland</a>"),
    "pincode": page("<h1>Enter your pincode</h1><p>to see what is in your area</p><input name=pincode>"),
}
ELSEWHERE = {
    "log-in in a frame": framed(f"<h1>Login</h1>{PASSWORD}", "Customer Login - Shop"),
    "log-in in German": framed(f"<h1>Anmelden</h1>{PASSWORD}", "Anmelden | Laden"),
    "mobile number": page(
        "<h1>Login or Signup</h1><form><input type='tel' name='mobile'> Mobile<button>CONTINUE</button>"
    ),
    "told so": page("<p>You are being redirected. If not, follow this <a href=/h>link</a></p>", "Wait"),
    "an answer": b'{"redirect":"/login?next=/p"}',
}
EMPTY = {
    "no scripts": page("<p>JavaScript seems to be disabled in your browser. For the best experience turn it on.</p>"),
    "cookies": page("<p>Cookies are required to browse this site. Please enable them and reload the page.</p>"),
    "null": b"null",
}
GONE = [
    "Shop | Page Not Found", "Shop - 404 Not Found", "Error 404 (Not Found)!!1", "Cannot GET /p/oak",
    "Die von Ihnen gesuchte Seite wurde nicht gefunden", "Leider ist dieser Artikel nicht mehr erhältlich",
    "Cette page n'existe pas ou plus", "Page non trouvée", "¡Vaya! No encontramos la página que buscas",
    "Ops! La pagina che cerchi non esiste", "Este produto não está mais disponível", "Pagina niet gevonden",
    "Dit artikel is niet meer leverbaar", "Hoppsan! Sidan finns inte längre", "Produkten har utgått",
    "Siden blev ikke fundet", "Fant ikke siden", "Sivua ei löydy", "Ten produkt jest już niedostępny",
    "Stránka nenalezena", "Az oldal nem található", "Такой страницы не существует", "Сторінку не знайдено",
    "Aradığınız sayfa bulunamadı", "この商品は現在お取り扱いできません", "抱歉,您访问的页面不存在",
    "페이지를 찾을 수 없습니다", "الصفحة غير موجودة", "पेज नहीं मिला", "Halaman tidak ditemukan",
    "Không tìm thấy trang",
]  # fmt: skip
FINE = {
    "a shirt": page("<h1>Access Denied T-Shirt</h1><p>£12</p>", "Access Denied T-Shirt"),
    "a mug": framed(
        "<h1>Error 404: Girlfriend Not Found Mug</h1><b>$9</b>", "Error 404: Girlfriend Not Found Mug | Shop"
    ),
    "a shirt in a script": page('<script id="__NEXT_DATA__">{"name":"Tee"}</script>', "Access denied tee"),
    "furniture of a waiting room": page(
        "<h1>Bench</h1><p>For every waiting room. Ask us about delivery, about colours and the finish of the wood.</p>"
    ),
    "a bar below a text": page("<h1>Bakery</h1>" + "<p>We bake our bread here.</p>" * 80 + f"We use cookies {BUTTON}"),
    "jeans": framed("<h1>503 Loose Jeans</h1>", "503 Loose Jeans"),
    "a car": framed("<h1>Model cars</h1><b>$9</b>", "Peugeot - 404"),
    "an article": framed(
        "<h1>Errors explained</h1><p>Sorry, you have been blocked. Incapsula incident ID: 7. errors.edgesuite.net</p>",
        "How to fix 'Access denied' errors",
    ),
    "a long bare article": page("<h1>Why shops ask</h1>" + "<p>Some ask you to verify that you are human.</p>" * 90),
    "a small price": page("<h1>Chair</h1><p>49,- incl. VAT</p>", "Chair"),
    "a log-in dialogue": framed(f"<h1>Login</h1>{PASSWORD}<h1>Tables</h1>", "Tables | Shop"),
    "a country dialogue": framed("<h2>Select your country</h2>", "Tables | Shop"),
    "a log-in among goods": framed(f"<h1>Login</h1>{PASSWORD}<b>$9</b>", "Login"),
    "a log-in before a good's data": framed(f'<h1>Login</h1>{PASSWORD}<i>{{"@type": "Product"}}</i>', "Login"),
    "an article on repairs": framed("<h1>Maintenance</h1>", "Maintenance"),
    "an answer about a good": b'{"code":404,"title":"Oak table","price":12}',
    "an answer with a reason": b'{"sku":"1","reason":"blocked by vendor","available":false}',
    "an answer with a state": b'{"status":200,"message":"OK","data":{"product":{"name":"Oak table"}}}',
    "a feed": b'<?xml version="1.0"?><rss><channel><item><title>Error</title></item></channel></rss>',
}
CASES = [
    (name, body, expected)
    for rows, expected in (
        (CAPTCHAS, Verdict.captcha), (REFUSALS, Verdict.blocked), (CONSENT, Verdict.consent),
        (ELSEWHERE, Verdict.moved), (EMPTY, Verdict.empty), (FINE, Verdict.ok),
    )
    for name, body in rows.items()
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "expected"), CASES, ids=[f"{e}-{n}" for n, _, e in CASES])
def test_what_a_page_is(name, body, expected):
    assert verdict(body) == expected


@pytest.mark.parametrize("heading", GONE)
def test_an_apology_in_any_tongue(heading):
    assert lost(heading)
    assert verdict(framed(f"<h1>{heading}</h1>")) == Verdict.not_found


@pytest.mark.parametrize(
    "logo", ['<h1><a href="/"><img src=l.png></a></h1>', '<h1 class="logo"><a href="/">Shop</a></h1>']
)
@pytest.mark.parametrize("heading", ["<h1>Page not found</h1>", "<h2>Page not found</h2>"])
def test_a_logo_is_no_heading(logo, heading):
    assert verdict(framed(logo + heading)) == Verdict.not_found


def test_a_file_that_is_not_there():
    body = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>'
    assert verdict(body, API) == Verdict.not_found
    told = b'{"code":"rest_no_route","message":"No route was found","data":{"status":404}}'
    assert verdict(told, API) == Verdict.not_found


def test_an_answer_that_only_says_it_failed():
    assert verdict(b'{"success":false}', API) == Verdict.error
    assert verdict(b'{"success":true}', API) == Verdict.ok


@pytest.mark.parametrize("path", ["/password", "/404", "/error/500", "/page-not-found.html", "/maintenance"])
def test_where_no_good_is(path):
    asked, url = "https://shop.test/products/oak-table", f"https://shop.test{path}"
    assert judge(200, {}, asked, url, framed("<h1>Opening soon</h1>"))[0] == Verdict.moved
    assert judge(200, {}, url, f"{url}?again", framed("<h1>Opening soon</h1>"))[0] == Verdict.ok
