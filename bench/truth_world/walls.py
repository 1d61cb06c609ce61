"""Pages that stand in the way of the page asked for: those in the private captures, and some written here after how
vendors and shops word them. Each with the status it came with and, where that differs, with status 200."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.truth_world.reading import Answer
from tests.reading import CAPTURES

HTML = (("content-type", "text/html; charset=utf-8"),)


def _page(title: str, body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


NAV = "".join(f'<a href="/c/{n}">Department {n}</a> ' for n in range(40))
# status and page by name
WRITTEN = {
    "cloudflare": (403, _page("Just a moment...", '<div class="main-wrapper"><h2>Checking if the site connection is secure</h2><noscript>Enable JavaScript and cookies to continue</noscript></div><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8f"></script>', '<script>window._cf_chl_opt={cvId:"3"}</script>')),
    "perimeterx": (403, _page("Access to this page has been denied", '<h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1><div id="px-captcha"></div><p>Reference ID 5f2c</p>', '<script>window._pxAppId="PXabc123";</script>')),
    "datadome": (403, _page("shop.test", "<p>Please enable JS and disable any ad blocker</p>", '<script>var dd={"rt":"c","cid":"AHrl","hsh":"2E","t":"bv","host":"geo.captcha-delivery.com"}</script><script src="https://ct.captcha-delivery.com/c.js"></script>')),
    "akamai": (403, _page("Access Denied", '<h1>Access Denied</h1>You don\'t have permission to access "http&#58;&#47;&#47;www&#46;shop&#46;test&#47;p" on this server.<p>Reference&#32;&#35;18&#46;2f4c1602&#46;1700000000</p>')),
    "imperva": (200, _page("", '<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=4-1&incident_id=12">Request unsuccessful. Incapsula incident ID: 1220</iframe>', '<meta name="robots" content="noindex">')),
    "kasada": (429, _page("", '<script>window.KPSDK={};KPSDK.now=Date.now</script><script src="/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39/ips.js?KP_UIDz=0"></script>')),
    "aws_waf": (405, _page("Human Verification", '<div id="captcha-container"></div><noscript>JavaScript is disabled. In order to continue, we need to verify that you\'re not a robot.</noscript><script>AwsWafIntegration.getToken()</script>')),
    "amazon_robot": (503, _page("Robot Check", '<form method="get" action="/errors/validateCaptcha"><h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you\'re not a robot.</p><img src="/captcha/x.jpg"><input id="captchacharacters" name="field-keywords"></form>')),
    "amazon_continue": (200, _page("Amazon.in", '<h4>Click the button below to continue shopping</h4><form action="/errors/validateCaptcha" method="get"><button type="submit">Continue shopping</button></form><a href="/gp/help">Conditions of Use</a>')),
    "with navigation": (403, _page("Access denied", f'<nav>{NAV}</nav><h1>Sorry, you have been blocked</h1><p>You are unable to access this shop. Cloudflare Ray ID: 8f2c</p>')),
    "queue": (200, _page("Waiting Room", '<h1>You are now in line</h1><p>Due to high demand you are in a waiting room. Your estimated wait time is 4 minutes. This page refreshes by itself.</p>')),
    "maintenance": (503, _page("We'll be right back", "<h1>We'll be right back</h1><p>Our shop is down for scheduled maintenance. Please try again later.</p>")),
    "maintenance in full dress": (200, _page("Something went wrong", f"<nav>{NAV}</nav><h1>Something went wrong</h1><p>We are working on it. Please try again later.</p><footer>{NAV}</footer>")),
    "consent": (200, _page("Before you continue", '<h1>Before you continue</h1><p>We and our partners use cookies to deliver and maintain our services.</p><form action="/save" method="post"><button>Reject all</button><button>Accept all cookies</button></form>')),
    "login": (200, _page("Sign in", '<h1>Sign in to continue</h1><form action="/login" method="post"><input name="email" type="email"><input name="pw" type="password"><button>Sign in</button></form>')),
    "soft 404": (200, _page("Page not found", "<h1>Page not found</h1><p>The page you requested could not be found. It may have moved.</p><a href='/'>Home</a>")),
    "soft 404 in full dress": (200, _page("Oops! | Shop", f"<nav>{NAV}</nav><h1>Sorry, we couldn't find that page</h1><p>Perhaps you would like one of these.</p><div class='product-card'><a href='/p/9'>Stool</a><span class='price'>₹499</span></div><footer>{NAV}</footer>")),
    "404": (404, _page("404 Not Found", "<h1>404</h1><p>Page not found</p>")),
    "no body": (200, ""),
    "shell": (200, _page("Shop", '<div id="root"></div><script src="/static/js/main.8c2.js"></script>')),
    "error 500": (500, _page("Internal Server Error", "<h1>Internal Server Error</h1>")),
    "json error": (200, '{"error": {"code": 429, "message": "Too many requests"}}'),
}  # fmt: skip


def walls(captures: bool) -> dict[str, Answer]:
    """Answers by name; `url` is left to be filled in."""
    found = {f"wall {name}": Answer("", page.encode(), status, HTML) for name, (status, page) in WRITTEN.items()}
    found |= dict(_captured()) if captures else {}
    turned = {f"{name}, status 200": a._replace(status=200) for name, a in found.items() if a.status != 200}
    return found | turned


def _captured() -> Iterator[tuple[str, Answer]]:
    folder = CAPTURES / "blocked_pages"
    for path in sorted(folder.glob("**/*.html")):
        yield f"captured {path.stem}", Answer("", path.read_bytes(), 403, HTML)
    for path in sorted(folder.glob("**/failed.json")):
        response = json.loads(path.read_text())["log"]["entries"][0]["response"]
        headers = tuple(
            (h["name"].lower(), h["value"]) for h in response["headers"] if h["name"].lower() != "content-length"
        )
        yield (
            f"captured {path.parent.name}",
            Answer("", response["content"]["text"].encode(), response["status"], headers),
        )


def home(answer: Answer) -> Answer:
    """Sent to the front page, which is full of other goods."""
    parts = urlsplit(answer.url)
    cards = "".join(
        f'<div class="card"><a href="/p/{n}">Good {n}</a><span class="price">₹{n}99</span></div>' for n in range(1, 20)
    )
    page = _page("Shop: everything for the home", f"<nav>{NAV}</nav><h1>Deals of the day</h1>{cards}")
    return Answer(f"{parts.scheme}://{parts.netloc}/", page.encode(), 200, HTML, asked=answer.url)


def login(answer: Answer) -> Answer:
    parts = urlsplit(answer.url)
    page = WRITTEN["login"][1]
    return Answer(f"{parts.scheme}://{parts.netloc}/login?return=%2Fp", page.encode(), 200, HTML, asked=answer.url)


def category(answer: Answer) -> Answer:
    """Sent to the category of a good that is gone."""
    parts = urlsplit(answer.url)
    page = home(answer)
    return page._replace(url=f"{parts.scheme}://{parts.netloc}/collections/sofas")
