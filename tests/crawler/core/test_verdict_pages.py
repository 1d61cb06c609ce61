"""Pages as sites show them instead of what was asked for, all with the status they come with: one row each."""

import pytest

from crawler.core.verdicts import Verdict, judge
from crawler.core.verdicts.lost import lost

URL = "https://shop.test/p/oak-table-12345"
LINKS = "".join(f'<li><a href="/c/{n}">Room {n}</a></li>' for n in range(30))
CARDS = "".join(
    f'<div><a href="/p/{n}99{n}">Lamp {n}</a><img src=/i/{n}.jpg><span class=price>$ {n}9.99</span>'
    "<button>Add to cart</button></div>"
    for n in range(12)
)
IN_THE_WAY = (Verdict.blocked, Verdict.captcha)


def page(body: str, title: str = "Shop", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def framed(heading: str) -> str:
    """A shop's frame and other goods around it."""
    return f"<header><ul>{LINKS}</ul></header>{heading}<section><h2>You may also like</h2>{CARDS}</section>"


def verdict(body: bytes, status: int = 200, url: str = URL) -> Verdict:
    return judge(status, {}, URL, url, body)[0]


CHALLENGES = {
    "queue-it": page(
        "<div id=queue-it></div><h1>You are now in line</h1><p>You are in a virtual queue</p>", "Queue-it"
    ),
    "waiting room": page("<h1>You are in line</h1><p>Your estimated wait time is 4 minutes.</p>", "Waiting Room"),
    "continue shopping": page(
        "<h4>Click the button below to continue shopping</h4><form action='/errors/validateCaptcha'></form>"
    ),
    "security check": page(
        "<h1>Let's confirm you are human</h1><p>Complete the security check to continue.</p><button>Begin</button>",
        "Human Verification",
    ),
    "script challenge": page(
        "<script>window.gokuProps={}</script><noscript>verify that you're not a robot</noscript>", ""
    ),
    "frame": page("<iframe src='https://geo.captcha-delivery.com/captcha/?initialCid=A'></iframe>", "shop.test"),
    "continue shopping, in German": page(
        "<h4>Zum Fortfahren klicken</h4><form action='/errors_page/validateCaptcha'><button>Weiter</button></form>"
    ),
    "cookie test": page("<script>document.cookie='t='+slowAES.decrypt(c,2,a,b);location.href='/?i=1'</script>", ""),
    "legal reasons": page(
        "<h1>451: Unavailable due to legal reasons</h1><p>You visit from the EEA.</p>", "Unavailable"
    ),
    "something wrong": page("<h1>Something went wrong</h1><p>We have technical issues</p><button>Retry</button>"),
    "press and hold": page(
        "<p>Press &amp; Hold to confirm you are a human (and not a bot).</p>", "Access to this page has been denied"
    ),
    "in French": page("<p>Vérification que vous êtes un humain</p>", "Un instant…"),
    "in German": page("<p>Überprüfen, ob Sie ein Mensch sind</p>", "Nur einen Moment…"),
    "in Spanish": page("<h1>Verifica que eres humano</h1>", "Un momento…"),
    "slide": page("<div id=nc_1_wrapper></div><p>Please slide to verify</p>", "Captcha Interception"),
    "last step": page("<p>One last step! Please solve the challenge below to continue</p>", "Bot check"),
    "scripts": page("Please turn JavaScript on and reload the page.", "Loading"),
    "answer": b'{"appId":"PX1","jsClientSrc":"/px/init.js","blockScript":"/px/captcha/captcha.js"}',
    "by IP": page("<h1>Access Denied</h1>You don't have permission. Reference&#32;&#35;18&#46;abc", "Access Denied"),
    "by a gate": page("<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2>", "ERROR"),
    "by a firewall": page("<h2>The requested URL was rejected. Your support ID is: 1234</h2>", "Request Rejected"),
    "by the owner": page("<h1>Your access to this site has been limited by the site owner</h1>", "Limited"),
    "by rule": page(
        "<h1>Error 1020</h1><p>A security service to protect itself from online attacks.</p>", "Access denied"
    ),
    "by region": page("<p>We're sorry, this content is not available in your region due to GDPR</p>", "Sorry"),
    "maintenance": page("<h1>Site Maintenance</h1><p>We are down for maintenance. We'll be back soon!</p>"),
    "too many": page("<h1>429 Too Many Requests</h1><hr><center>nginx</center>", "429 Too Many Requests"),
    "limit told in JSON": b'{"error":"Too many requests","message":"Rate limit exceeded"}',
    "refusal told in JSON": b'{"message":"Forbidden"}',
    "quota told in JSON": b'{"fault":{"faultstring":"Rate limit quota violation"}}',
}
GONE = [
    "Page not found | Shop", "404 | Shop", "Error 404", "404: Sorry, this page could not be found",
    "Oops! We can't find that page", "Sorry, this item is no longer available", "Page unavailable",
    "Oops! The page you're looking for doesn't exist.", "This listing isn't available", "This item has sold",
    "Sorry, the product you are looking for could not be found", "Uh oh, this page doesn't exist",
    "Looks like this page is missing", "The item you selected is unavailable", "This product has been discontinued",
    "We looked everywhere but couldn't find the page you requested", "We couldn’t find the page you were looking for",
    "Unfortunately the page you are looking for has been moved or deleted", "We couldn't find what you're looking for",
    "La page que vous recherchez est introuvable", "Ce produit n'est plus disponible",
    "Diese Seite existiert leider nicht", "Der Artikel ist leider nicht mehr verfügbar", "Deze pagina bestaat niet",
    "Sidan kunde inte hittas", "La página que buscas no existe", "Este producto ya no está disponible",
    "Pagina non trovata", "ページが見つかりません", "We looked everywhere.", "Looks like you're lost", "頁面不存在",
    "Leider existiert die von dir aufgerufene Seite nicht", "Diese Seite gibt es leider nicht mehr",
    "Die angeforderte Seite wurde nicht gefunden", "La page que vous cherchez n’existe pas", "Cette page n'existe plus",
    "La page demandée n'existe pas", "Nous n'avons pas trouvé la page", "Parece que esta página no existe",
    "La pagina che stai cercando non esiste", "Sorry, deze pagina bestaat niet (meer)", "Nie znaleziono strony",
]  # fmt: skip
GOODS = [
    "Oak table", "404 Sofa, three seats", "404 Chair by X | Shop", "Not Found Book", "The Missing Page, a novel",
    "Oops baby onesie", "Article of faith", "This product", "Sorry board game", "Product design missing manual", "Page",
    "Unavailable", "Discontinued items", "Looking for something new", "A page turner lamp, not available in stores",
    "Access Denied T-shirt", "Robot human mug", "You're lost in space tee", "Produit est", "La page blanche",
]  # fmt: skip
WALLS = {
    "privacy": (
        page("<h1>We value your privacy</h1><p>We and our 842 partners store cookies</p><button>Accept all</button>"),
        Verdict.consent,
    ),
    "German": (page("<form><h1>Bevor Sie fortfahren</h1><button>Alle akzeptieren</button></form>"), Verdict.consent),
    "age": (page("<h1>Are you over 18?</h1><button>Yes</button><button>No</button>"), Verdict.consent),
    "country": (page("<h1>Choose your country</h1><a href=/us>US</a><a href=/in>IN</a>"), Verdict.consent),
    "log-in": (page("<h1>Log in to continue</h1><form><input name=email type=email></form>"), Verdict.moved),
    "script": (page("<script>window.location.href='/p/other'</script>", ""), Verdict.moved),
    "own address": (
        page(framed("<h1>Hi</h1>"), "Shop", "<link rel=canonical href='https://shop.test/'>"),
        Verdict.moved,
    ),
    "shell": (page("<noscript>You need to enable JavaScript to run this app.</noscript><div></div>"), Verdict.empty),
    "answer without goods": (b'{"errors":[{"message":"Internal server error"}],"data":null}', Verdict.error),
    "answer of absence": (b'{"error":"Product not found"}', Verdict.not_found),
}
FINE = {
    "own words": page(f"<ul>{LINKS}</ul><h1>Oak table</h1><p>Sold out. This product is no longer available.</p>"),
    "a notice": page(f"<ul>{LINKS}</ul><h1>Mug</h1><p>We use cookies <button>Accept all</button></p>", "Mug"),
    "member prices": page('<h1>Table</h1><p>$499</p><form>Sign in<input type="password"></form>', "Table"),
    "an answer with an error aside": b'{"errors":[{"message":"minor"}],"data":{"product":{"name":"x"}}}',
    "an answer with a word": b'{"products":[{"name":"Access denied tee","price":9}]}',
}


@pytest.mark.parametrize("body", CHALLENGES.values(), ids=CHALLENGES)
@pytest.mark.parametrize("status", [200, 403])
def test_what_stands_in_the_way(body, status):
    assert verdict(body, status) in IN_THE_WAY


@pytest.mark.parametrize("heading", GONE)
def test_a_heading_that_apologises(heading):
    assert lost(heading)
    assert verdict(page(framed(f"<h1>{heading}</h1>"))) == Verdict.not_found


@pytest.mark.parametrize("heading", GOODS)
def test_a_heading_that_names_a_good(heading):
    assert not lost(heading)
    assert verdict(page(framed(f"<h1>{heading}</h1><b>$49.99</b>"), heading)) == Verdict.ok


def test_a_sigh_is_followed_by_the_reason():
    assert verdict(page(framed("<h1>Oops!</h1><p>This product is no longer available. See</p>"))) == Verdict.not_found
    assert verdict(page(framed("<h1>Sorry</h1><p>A board game for all. $49</p>"))) == Verdict.ok


@pytest.mark.parametrize(("body", "expected"), WALLS.values(), ids=WALLS)
def test_what_wants_something_first(body, expected):
    assert verdict(body) == expected


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_what_is_no_wall(body):
    assert verdict(body) == Verdict.ok


@pytest.mark.parametrize(
    "path", ["/?ref=gone", "/en_US/home.html", "/search?q=oak+table", "/default.aspx", "/c/tables"]
)
def test_another_page_answered(path):
    assert verdict(page(framed("<h1>Welcome</h1>")), url=f"https://shop.test{path}") == Verdict.moved
