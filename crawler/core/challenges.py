"""How pages look that stand in the way of the page that was asked for: who says so and in which words.

Vendor scripts alone prove nothing: normal pages of big shops carry them too. So a page full of links or product data
is condemned only by its title, its heading or words that no shop page has; a bare page by any of the marks below.
"""

import re
from collections.abc import Mapping

Sign = tuple[str, str]  # (verdict, reason)

_HEADERS = [
    ("cf-mitigated", ("challenge",), "cloudflare"),
    ("x-vercel-mitigated", ("challenge", "deny"), "vercel"),
    ("x-amzn-waf-action", ("challenge", "captcha"), "aws waf"),
    ("x-dd-b", ("1", "2"), "datadome"),
]

_URL = re.compile(
    r"/(?:errors/validatecaptcha|splashui/(?:captcha|challenge)|sorry/index|_____tmd_____/punish|captcha|blocked|"
    r"\.within\.website|cdn-cgi/challenge-platform)(?:[/?.]|$)|[?&]bm-verify=|[?&]x5secdata=|captcha-delivery\.com",
    re.I,
)

# words that only a page in the way has, whatever its size
_ANYWHERE = [
    (b"api-services-support@amazon.com", "captcha", "amazon robot check"),
    (b"/errors/validateCaptcha", "captcha", "amazon robot check"),
    (b"Sorry, you have been blocked", "blocked", "cloudflare"),
    (b"window._cf_chl_opt", "captcha", "cloudflare"),
    (b"Incapsula incident ID", "blocked", "imperva"),
    (b"anubis_challenge", "captcha", "anubis"),
    (b"KPSDK.scriptStart", "captcha", "kasada"),
    (b"errors.edgesuite.net", "blocked", "akamai"),
]

# the marks of a bare page
_BARE = [
    (rb"(?:geo|ct)\.captcha-delivery\.com|captcha-delivery\.com/(?:captcha|interstitial|c\.js)", "captcha", "datadome"),
    (rb"px-captcha|captcha\.px-c|_pxAppId|\"blockScript\"", "captcha", "perimeterx"),
    (rb"cf-error-details|cf-error-code|Cloudflare Ray ID", "blocked", "cloudflare"),
    (rb"challenge-platform/\S{0,40}orchestrate|__cf_chl_|cf-turnstile|challenges\.cloudflare", "captcha", "cloudflare"),
    (rb"_Incapsula_Resource|Request unsuccessful\. Incapsula|\breese84\b", "captcha", "imperva"),
    (rb"Reference\s*(?:&#32;)?(?:#|&#35;)\s*\d+\.[0-9a-f]+\.\d+\.[0-9a-f]+", "blocked", "akamai"),
    (rb"bm-verify|/_sec/cp_challenge|sec-if-cpt-container|bmak\.", "captcha", "akamai"),
    (rb"gokuProps|AwsWafIntegration|awswaf\.com|aws-waf-token", "captcha", "aws waf"),
    (rb"/149e9513-01fa-4fb0-aad4-566afd725d1b/|__kasada|KPSDK", "captcha", "kasada"),
    (rb"opfcaptcha|Type the characters you see", "captcha", "amazon robot check"),
    (rb"validate\.perfdrive\.com|shieldsquare|distil_r_captcha", "captcha", "radware"),
    (rb"\.within\.website/x/cmd/anubis", "captcha", "anubis"),
    (rb"/_fs-ch-[A-Za-z0-9]+/", "captcha", "client challenge"),
    (rb"Sucuri WebSite Firewall|sucuri_cloudproxy", "blocked", "sucuri"),
    (rb"ddos-guard|DDoS-GUARD", "captcha", "ddos-guard"),
    (rb"x5secdata|/_____tmd_____/", "captcha", "alibaba"),
    (rb"TencentCaptcha|turing\.captcha|geetest|arkoselabs\.com|funcaptcha", "captcha", "puzzle"),
    (rb"g-recaptcha|grecaptcha|google\.com/recaptcha|recaptcha\.net|captcha-form", "captcha", "recaptcha"),
    (rb"h-captcha|hcaptcha\.com|frc-captcha|CaptchaEU", "captcha", "hcaptcha"),
    (rb"blocked by network security|whoa there, pardner", "blocked", "reddit"),
    (rb"Sina Visitor System|genvisitor", "captcha", "sina visitor"),
    (rb"sec\.douban\.com", "blocked", "douban"),
    (rb"CheqSdk|cheqzone\.com", "blocked", "cheq"),
]
_BARE_MARK = re.compile(b"|".join(b"(" + pattern + b")" for pattern, _, _ in _BARE))

_CAPTCHA_WORDS = (
    r"(?:verify|confirm|prove|verifying|checking)(?: that)?(?: if)? you(?: are|['’]re) (?:a |not a )?"
    r"(?:human|real|robot|bot)|"
    r"are you (?:a )?(?:human|robot|bot)\b|robot or human|human or robot|not a (?:robot|bot)\b|"
    r"(?:human|bot) verification|checking your browser|enter the (?:characters|letters) (?:you see|shown|below)|"
    r"(?:solve|complete) (?:the|this) (?:captcha|security check|puzzle)|press (?:&|and) hold|activate and hold|"
    r"unusual (?:traffic|activity)|automated (?:access|requests?|queries)|the button below to continue shopping|"
    r"enable (?:js|javascript) and (?:disable|cookies)|slide to verify|drag the slider|"
    r"вы не робот|kein roboter|pas un robot|no soy un robot|请点击按钮开始验证|滑动验证|异常请求"
)
_BLOCKED_WORDS = (
    r"access (?:to this (?:page|site|resource) )?(?:has been |is |was )?(?:denied|blocked|forbidden|restricted)|"
    r"(?:you|your (?:ip|request|access)(?: address)?) (?:have been|has been|are|was) (?:blocked|banned|rejected)|"
    r"request (?:was |has been )?(?:blocked|rejected|denied|unsuccessful|could not be satisfied)|"
    r"pardon our interruption|you don['’]t have permission to access|too many requests|rate limit exceeded|"
    r"403 forbidden|error 10\d\d\b.{0,20}(?:denied|banned|blocked)|not available in your (?:country|region)|"
    r"zugriff verweigert|accès refusé|acceso denegado|доступ (?:запрещен|ограничен)"
)
_CAPTCHA_TEXT = re.compile(_CAPTCHA_WORDS, re.I)
_BLOCKED_TEXT = re.compile(_BLOCKED_WORDS, re.I)
_TINY_BLOCKED = re.compile(r"forbidden|denied|blocked|banned|rejected|cdn error|unauthori[sz]ed|rate limit", re.I)

# a title or heading: the whole of it, with at most the site's name behind
_SITE = r"[\s.!?…]*(?:[|–—:·-].{0,40})?$"
_CAPTCHA_TITLE = re.compile(
    rf"\s*(?:(?:{_CAPTCHA_WORDS}|just a moment|robot check|security (?:check|measure|challenge|verification)|"
    r"one more step|client challenge|human check|making sure you're not a bot|verify (?:your identity|yourself)|"
    rf"ddos-guard|please verify.{{0,30}}|challenge validation|sina visitor system){_SITE}|(?:\w+ )?(?:re)?captcha[\s.!?]*$)",
    re.I,
)
_BLOCKED_TITLE = re.compile(
    rf"\s*(?:(?:{_BLOCKED_WORDS}|attention required|service (?:temporarily )?unavailable|sorry! something went wrong|"
    rf"error: the request could not be satisfied|server busy|bot detected){_SITE}|"
    r"(?:(?:error |http )?(?:403|429|503)(?: .{0,25})?|forbidden|blocked|bad gateway)[\s.!?]*$)",
    re.I,
)


def from_headers(headers: Mapping[str, str]) -> Sign | None:
    """What the protecting server says of itself."""
    for name, values, vendor in _HEADERS:
        if headers.get(name, "").lower() in values:
            return "captcha", vendor
    return None


def from_url(url: str) -> Sign | None:
    """A challenge often has its own address."""
    return ("captcha", "challenge address") if _URL.search(url) else None


def from_heading(text: str) -> Sign | None:
    """A title or first heading that is nothing but a block page's."""
    if _CAPTCHA_TITLE.match(text):
        return "captcha", f"title {text.strip()[:60]!r}"
    if _BLOCKED_TITLE.match(text):
        return "blocked", f"title {text.strip()[:60]!r}"
    return None


def anywhere(edges: bytes) -> Sign | None:
    """Words that no shop page has, in the beginning and end of a page."""
    return next(((verdict, vendor) for mark, verdict, vendor in _ANYWHERE if mark in edges), None)


def in_markup(body: bytes) -> Sign | None:
    """A vendor's mark in a page that has nothing else."""
    found = _BARE_MARK.search(body)
    if not found:
        return None
    _, verdict, vendor = _BARE[(found.lastindex or 1) - 1]
    return verdict, vendor


def in_text(text: str) -> Sign | None:
    """The words of a page that says little else."""
    if _CAPTCHA_TEXT.search(text):
        return "captcha", "asks for a human"
    if _BLOCKED_TEXT.search(text) or (len(text) < 200 and _TINY_BLOCKED.search(text)):
        return "blocked", "says so"
    return None
