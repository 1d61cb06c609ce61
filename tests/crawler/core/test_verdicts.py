import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.verdicts import Verdict, judge

URL = "https://shop.test/p/oak-table-12345"
LINKS = "".join(f'<li><a href="/c/{n}">Room {n}</a></li>' for n in range(30))


def page(body: str, title: str = "Oak table | Shop", head: str = "") -> bytes:
    html = f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return html.encode()


PRODUCT = f"<ul>{LINKS}</ul><h1>Oak table</h1><p>₹12,999</p><p>In stock</p><button>Add to cart</button>"
SMALL = "<h1>Oak table</h1><p>₹12,999</p><button>Add to cart</button>"
DATA = '<script type="application/ld+json">{"@type": "Product", "name": "Oak table"}</script>'
PADDING = "<style>" + ".a{color:red}\n" * 20_000 + "</style>"


def verdict(
    body: bytes | str, status: int = 200, headers: dict | None = None, url: str = URL, asked: str = URL
) -> Verdict:
    return judge(status, headers or {}, asked, url, body if isinstance(body, bytes) else page(body))[0]


@pytest.mark.parametrize(
    "body",
    [
        page(PRODUCT),
        page(SMALL),
        page(SMALL, head='<script src="https://www.google.com/recaptcha/api.js"></script>'),
        page(SMALL + '<form><div class="g-recaptcha"></div> Complete the captcha, robot!</form>'),
        page(
            PRODUCT,
            head="<script>window._pxAppId='x';</script><script src='/cdn-cgi/challenge-platform/a.js'></script>",
        ),
        page(PRODUCT + '<iframe src="/_Incapsula_Resource?a"></iframe><script>bmak.go()</script>'),
        page(PRODUCT, title="Robot vacuum cleaner | Shop"),
        page(PRODUCT, title="Captcha T-shirt - Shop"),
        page(f"<ul>{LINKS}</ul>{DATA}", title="Forbidden"),
        page(PRODUCT, title="404 Sofa, three seats"),
        page(PRODUCT, title="Not a robot mug | Shop"),
        page("<h1>Our story</h1><p>We have made tables of old oak since 1950, by hand, and with patience.</p>"),
        page(f"<div id=root></div>{DATA}"),
        page("<div id=root></div><script>window.__INITIAL_STATE__={}</script>"),
        b'{"items": []}',
        b" \n[1, 2]\n",
        b'\xef\xbb\xbf{"items": []}',
        b"User-agent: *\nDisallow: /cart\n",
        b'<?xml version="1.0"?><urlset><url><loc>https://shop.test/a</loc></url></urlset>',
        b"<li><a href='/p/1'>Oak table</a> 12,999</li>",
    ],
)
def test_a_real_page_is_ok(body):
    assert judge(200, {}, URL, URL, body) == (Verdict.ok, "")


CAPTCHA = [
    page("<h1>Robot or human?</h1><p>Activate and hold the button</p><div id='px-captcha'></div>", "Robot or human?"),
    page("<div class='cf-turnstile'></div>", "Just a moment..."),
    page("<form action='/errors/validateCaptcha'>Type the characters you see in this image</form>", "Shop"),
    page("<!-- contact api-services-support@amazon.com --><p>Sorry</p>", "Shop"),
    page(
        "<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'></script>",
        "shop.test",
    ),
    page("<script src='/_Incapsula_Resource?SWJIYLWA=1'></script>", ""),
    page("<script>window.KPSDK={};</script><script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/p.js'></script>", ""),
    page(
        "<script src='https://x.token.awswaf.com/x/challenge.js'></script><noscript>JavaScript is disabled</noscript>",
        "",
    ),
    page("<form id='captcha-form'><div class='g-recaptcha'></div></form>", URL),
    page("<div class='h-captcha'></div>", "One more step"),
    page("Are you a human? Confirming…", "Shop reCAPTCHA"),
    page("<script id='anubis_challenge' type='application/json'>{}</script>", "Making sure you're not a bot!"),
    page(f"<ul>{LINKS}</ul><h1>Verify you are human</h1>", "Shop"),
    page("<p>Please verify that you are human to go on</p>", "Shop", PADDING),
    page("<p>Our systems have detected unusual traffic from your network</p>", "Shop"),
    page("<p>Bitte bestätigen: kein Roboter</p>", "Shop"),
    b'{"url": "https://geo.captcha-delivery.com/captcha/?cid=1"}',
]
BLOCKED = [
    page(
        "<h1>Access Denied</h1>You don't have permission to access this. Reference&#32;&#35;18.2d351ab8.1557",
        "Access Denied",
    ),
    page(
        "<h1>Sorry, you have been blocked</h1><div id='cf-error-details'>Cloudflare Ray ID: 1</div>",
        "Attention Required! | Cloudflare",
    ),
    page("Request unsuccessful. Incapsula incident ID: 1-2", ""),
    page(f"<ul>{LINKS}</ul><p>Pardon our interruption</p>", "Pardon Our Interruption..."),
    page(f"<ul>{LINKS}</ul>", "Access to this page has been denied"),
    page("<p>Access denied</p>", "Shop", PADDING),
    page("whoa there, pardner!", "Too Many Requests"),
    b"Forbidden\n",
    b"cdn error 001",
    b"Too many requests, slow down",
]


@pytest.mark.parametrize("body", CAPTCHA)
def test_a_challenge_with_status_200(body):
    assert verdict(body) == Verdict.captcha


@pytest.mark.parametrize("body", BLOCKED)
def test_a_refusal_with_status_200(body):
    assert verdict(body) == Verdict.blocked


@pytest.mark.parametrize("body", [*CAPTCHA, *BLOCKED])
@pytest.mark.parametrize("status", [403, 404, 410, 503])
def test_a_page_in_the_way_is_never_not_found(body, status):
    assert verdict(body, status) in (Verdict.captcha, Verdict.blocked)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, "blocked"),
        (429, "blocked"),
        (503, "blocked"),
        (418, "blocked"),
        (999, "blocked"),
        (404, "not_found"),
        (410, "not_found"),
        (400, "error"),
        (401, "error"),
        (500, "error"),
        (502, "error"),
        (301, "moved"),
        (304, "moved"),
    ],
)
def test_status(status, expected):
    assert verdict(b"", status) == verdict(page(PRODUCT), status) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"cf-mitigated": "challenge"},
        {"x-amzn-waf-action": "captcha"},
        {"x-vercel-mitigated": "challenge"},
        {"x-dd-b": "1"},
    ],
)
def test_what_the_protecting_server_says(headers):
    assert (
        verdict(page(PRODUCT), 200, headers)
        == verdict(b"", 202, headers)
        == verdict(b"", 403, headers)
        == Verdict.captcha
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page Not Found", ""),
        ("404 - Shop", ""),
        ("404 Not Found", ""),
        ("Seite nicht gefunden | Shop", ""),
        ("Shop", "<h1>Sorry, we couldn't find that page</h1>"),
        ("Shop", "<h1>This product is no longer available</h1>"),
    ],
)
def test_a_soft_404(title, text):
    assert verdict(page(f"<ul>{LINKS}</ul>{text}<p>You may like: ₹99 Add to cart</p>", title)) == Verdict.not_found


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.test/p/oak-table-renamed-12345", "ok"),
        ("https://www.shop.test/p/oak-table-12345?ref=1", "ok"),
        ("https://other.test/welcome", "ok"),
        ("https://shop.test/", "moved"),
        ("https://shop.test/en-gb/", "moved"),
        ("https://shop.test/login?next=/p/oak-table-12345", "moved"),
        ("https://shop.test/c/tables", "moved"),
        ("https://shop.test/p/pine-table-67890", "moved"),
        ("https://shop.test/errors/validateCaptcha?amzn=1", "captcha"),
        ("https://shop.test/blocked?url=Lw", "captcha"),
    ],
)
def test_where_the_request_ended(url, expected):
    assert verdict(page(PRODUCT), url=url) == expected


@pytest.mark.parametrize(
    ("asked", "url", "expected"),
    [
        ("https://shop.test/search?q=sofa", "https://shop.test/c/sofas", "ok"),
        ("https://shop.test/products/oak-table", "https://shop.test/collections/tables", "moved"),
        ("https://shop.test/products/oak-table", "https://shop.test/products/oak-table-large", "ok"),
        ("https://shop.test", "https://shop.test/in/en/", "ok"),
    ],
)
def test_where_other_requests_ended(asked, url, expected):
    assert verdict(page(PRODUCT), url=url, asked=asked) == expected


def test_consent_and_log_in_walls():
    wall = "<p>We and our partners use cookies.</p><form><button>Accept all</button></form>"
    assert verdict(page(wall, "Before you continue")) == Verdict.consent
    assert verdict(page("<form><input type='password' name='p'></form>".replace("'", '"'), "Shop")) == Verdict.moved


@pytest.mark.parametrize(
    "body", [b"", b" \r\n", page(""), page("<div id='root'></div><script>start()</script>"), page("<p>…</p>")]
)
def test_nothing_to_see(body):
    assert verdict(body) == Verdict.empty


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff" + bytes(9), b"%PDF-1.4", b"\x1f\x8b\x08", b"a\0b"]
)
def test_no_text(body):
    assert verdict(body, 200, {"content-type": "text/html"}) == Verdict.error


def test_a_packed_sitemap_is_what_was_asked_for():
    assert (
        verdict(b"\x1f\x8b\x08...", url="https://shop.test/map.xml.gz", asked="https://shop.test/map.xml.gz")
        == Verdict.ok
    )


def test_fewer_bytes_than_promised():
    body = page(PRODUCT)
    assert verdict(body, 200, {"content-length": str(len(body))}) == Verdict.ok
    assert verdict(body, 200, {"content-length": "300"}) == Verdict.ok  # of the packed body
    assert verdict(body, 200, {"content-length": str(len(body) + 1)}) == Verdict.partial


@given(st.integers(600, len(page(PRODUCT)) - 17))
def test_a_page_cut_anywhere_is_never_ok(end):
    assert verdict(page(PRODUCT)[:end]) == Verdict.partial


@given(st.integers(1, 198))
def test_json_cut_anywhere_is_never_ok(end):
    body = json.dumps({"items": [{"n": n, "name": "oak table"} for n in range(6)]}).encode()
    whole = body[:end].endswith(b"}")  # cut behind an inner object: only parsing tells
    assert verdict(body[:end]) == (Verdict.ok if whole else Verdict.partial)


@given(st.integers(100, 999), st.binary(max_size=300), st.text(max_size=40))
def test_any_response_gets_a_verdict(status, body, url):
    found, reason = judge(status, {"content-length": url}, URL, URL, body)
    assert isinstance(found, Verdict)
    assert reason or found is Verdict.ok
