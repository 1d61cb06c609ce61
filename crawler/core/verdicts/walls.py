"""A bare page that wants something first: consent, an age, a country, a log-in, patience. Asked only of pages with few
links, no product data and no price."""

import re

from crawler.core.verdicts.lost import lost
from crawler.core.verdicts.words import Judgement, Verdict

_CONSENT = re.compile(
    r"before you continue|bevor (?:du|sie) (?:fortf(?:ä|a)hr|zu \w+ weiter)|avant de continuer|antes de continuar|"
    r"prima di continuare|(?:we|this site|our (?:\d+ )?partners|wir|nous|nosotros|noi|nós|wij|vi|my)\b.{0,120}\b"
    r"(?:cookies?\b|plik\w* cookie)|accept (?:all )?cookies|alle (?:cookies )?akzeptieren|akzeptieren und weiter|"
    r"tout accepter|aceptar todo|aceitar tud|accetta (?:tutt|e continua)|alles accepteren|acceptera alla|"
    r"accepter alle|godta alle|hyväksy kaikki|akceptuj|zaakceptuj|přijmout vše|принять все|すべて(?:同意|許可)|"
    r"(?:we|your) (?:value|choices|privacy).{0,20}privacy.{0,400}(?:accept|agree)|consent",
    re.I,
)
_CONSENT_URL = re.compile(r"//(?:consent|guce)\.|/(?:cookie-?)?consent(?:[/?]|$)", re.I)
_PICK = (
    r"(?:please )?(?:choose|select|confirm|pick|enter|change) (?:your |a |the )?(?:shipping |preferred )?(?:country|"
    r"region|"
    r"location|language|store|pin ?code|zip ?code|delivery (?:country|location|pin ?code))(?:(?: or |/| and |, )"
    r"(?:region|country|language))?|(?:wähle|wählen sie) (?:dein|ihr)e?n? (?:land|region|sprache|markt)|"
    r"choisissez votre (?:pays|région|langue|magasin)|(?:selecciona|elige) (?:tu|su) (?:país|región|idioma)|"
    r"(?:seleziona|scegli) il tuo paese|(?:kies|selecteer) (?:je|uw) land|välj (?:ditt )?land|wybierz kraj|"
    r"selecione (?:o )?seu país|国・地域を選択.{0,8}|выберите (?:страну|регион)"
)
_GATE = re.compile(
    r"(?:are you|you must be|i am|i'm|that you are|you are|you're|confirm (?:that )?you are)\b.{0,20}\b(?:1[68]|"
    r"21)\b|"
    r"age verification|legal (?:drinking |smoking )?age|(?:enter|confirm) your (?:date of birth|birth ?date|age)|"
    r"(?:bist du|sind sie) (?:über|mindestens|schon) \d\d|avez-vous (?:plus de )?\d\d ans|(?:eres|es usted) mayor de|"
    rf"(?:hai|sei) (?:più di|maggiorenne)|18 jaar of ouder|(?:ben je|bent u) (?:ouder dan )?18|{_PICK}",
    re.I,
)
_PICKED = re.compile(rf"(?:{_PICK})[\s.!:?]*(?:[|–—·-].{{0,40}})?", re.I)
_SIGN = (
    r"(?:please )?(?:customer |member |account )?(?:log[ -]?in|sign[ -]?in)(?: or (?:sign[ -]?up|register|"
    r"create (?:an )?account))?"
    r"(?: to (?:continue|your account|(?:view|see) (?:this |our )?\w+))?|"
    r"(?:kunden)?anmeld(?:en|ung)|einloggen|connexion|connectez-vous|se connecter|iniciar sesión|accedi|entrar|"
    r"inloggen|"
    r"logga in|log ind|logg inn|kirjaudu|zaloguj się|logowanie|вход|войти|ログイン|登录|登入|로그인"
)
_SIGN_IN = re.compile(_SIGN, re.I)
_SIGNED = re.compile(rf"(?:{_SIGN})[\s.!:?]*(?:[|–—·-].{{0,40}})?", re.I)
_LOGIN = re.compile(
    r"(?:please )?(?:sign|log)[ -]?in(?: to)? (?:to (?:continue|your account|view|see|proceed)|with|"
    r"or (?:create|sign ?up))|(?:sign|log)[ -]?in\b.{0,60}(?:e-?mail|phone|password|mobile|continu)|"
    r"(?:e-?mail|phone number).{0,60}(?:continue|(?:sign|log)[ -]?in)|"
    r"anmelden|connectez-vous|inicia(?:r)? sesión|create an account to (?:continue|view)",
    re.I,
)
_AWAY = re.compile(
    r"(?:down|closed|offline|unavailable) for (?:a bit of |some |scheduled |planned )*(?:maintenance|updates?)|"
    r"(?:under|scheduled|site|planned|performing) maintenance|(?:we|and)(?:'ll| will) be (?:right )?back|"
    r"be back (?:very |really )?(?:soon|shortly)|updating our (?:shop|site|store)|"
    r"wartungsarbeiten|gleich wieder da|wird gerade gewartet|en maintenance|en mantenimiento|in manutenzione|"
    r"em manutenção|"
    r"in onderhoud|na konserwacji|przerwa techniczna|технические работы|メンテナンス中|系统维护|"
    r"temporarily (?:unavailable|down|"
    r"out of service)|technical (?:difficulties|issues|problems)|something went wrong|something(?: is|'s) not right|"
    r"establishing a database connection|server (?:is )?(?:busy|overloaded|down)|limited by the site owner|"
    r"bad gateway|gateway time-?out|internal server error|service unavailable|no healthy upstream|"
    r"upstream connect error|"
    r"backend fetch failed|unknown domain|^error code: ?\d{3,4}$|application error|server error in|fatal error|"
    r"critical error on this (?:web)?site|error processing your request|an error occurred while processing|"
    r"services aren't available|(?:account|website|shop|store|site) (?:has been |is currently |is )?(?:suspended|"
    r"unavailable|"
    r"expired)|experiencing (?:very )?(?:heavy|high) traffic|welcome to nginx!|this domain (?:name )?(?:is|"
    r"may be) for sale|domain .{4,40} may be for sale",
    re.I,
)
_LINE = re.compile(
    r"you(?: are|'re| have been| will be)\b.{0,40}\b(?:line|queue|waiting room)|in line ahead of you|"
    r"in der warteschlange|"
    r"dans (?:la|une) file d'attente|en (?:la |una )?(?:fila|cola) virtual|sala de espera virtual|"
    r"as soon as it's your turn|"
    r"your (?:turn|estimated wait|place in (?:line|the queue))|queue-it",
    re.I,
)
_SCRIPT = re.compile(
    r"(?:turn|enable|activate|requires?|need to enable|be sure to turn on)\b.{0,20}\bjava ?script|"
    r"java ?script (?:is |has been |seems to be )?(?:disabled|required)|cookies are required|"
    r"(?:browser is (?:not supported|outdated)|upgrade your browser)",
    re.I,
)
_LEADS = re.compile(
    r"being redirected|redirecting|not redirected automatically|object moved|document has moved|moved permanently|"
    r"30[12] found",
    re.I,
)
_GO = re.compile(
    rb"""(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*=\s*["'][^"']|location\.(?:replace|assign)\("""
)
_SHORT, _BRIEF, _FIRST = 3_000, 1_500, 800  # characters
_HTML = re.compile(rb"<(?:html|body|!doctype)\b", re.I)
_FIELD = re.compile(rb"""type=["']?(?:password|email|tel)\b|name=["']?(?:email|username|login|phone)\b""", re.I)
_PASSWORD = re.compile(rb"""type=["']?(?:password|tel)\b""", re.I)
_PRICE = re.compile(rb"(?:[$]|\xe2\x82[\xb9\xac]|\xc2[\xa3\xa5]|&(?:#8377|#8364|euro|pound|yen);|rs\.?)\s?\d", re.I)


def wall(body: bytes, url: str, text: str) -> Judgement | None:
    """The verdict on a bare page whose visible text is `text`; None when it is but short."""
    low = text.replace("’", "'")
    if _CONSENT_URL.search(url) or (len(low) < _SHORT and _answerable(body) and _asks(low)):
        return Verdict.consent, "asks for consent"
    if len(low) < _BRIEF:
        return _brief(body, low)
    return None


def _asks(low: str) -> bool:
    """Is consent what the page is about, and not a bar below a text of its own?"""
    return _CONSENT.search(low, 0, len(low) if len(low) < _BRIEF else _FIRST) is not None


def gate(body: bytes, headings: list[str]) -> Judgement | None:
    """The verdict on a page without prices, whatever its frame, whose title asks for a country or a log-in."""
    said = [" ".join(heading.replace("’", "'").split()) for heading in headings]
    picks = any(map(_PICKED.fullmatch, said[:1]))
    signs = any(map(_SIGNED.fullmatch, said)) and _SIGN_IN.search(said[0])
    if not (picks or signs) or b'"Product"' in body or _PRICE.search(body):
        return None
    if picks:
        return Verdict.consent, "asks who is there"
    return (Verdict.moved, "asks to log in") if _PASSWORD.search(body) else None


def _brief(body: bytes, low: str) -> Judgement | None:
    if _FIELD.search(body) and (b"password" in body or _LOGIN.search(low)):
        return Verdict.moved, "asks to log in"
    if _answerable(body) and _GATE.search(low):
        return Verdict.consent, "asks who is there"
    if _LINE.search(low):
        return Verdict.blocked, "a waiting room"
    if len(low) < 600 and _AWAY.search(low):
        return Verdict.blocked, f"says {low[:60]!r}"
    if len(low) < 600 and lost(low[:120]):
        return Verdict.not_found, f"says {low[:60]!r}"
    if len(low) < 600 and _LEADS.search(low):
        return Verdict.moved, "leads elsewhere"
    if len(low) < 400 and _SCRIPT.search(low):
        return Verdict.empty, "wants scripts"
    return _nothing(body, low) if len(low) < 160 and _HTML.search(body) else None


def _nothing(body: bytes, low: str) -> Judgement | None:
    """Hardly a word: a page that scripts were to fill, or one that only leads on."""
    if b'http-equiv="refresh"' in body.lower():
        return Verdict.moved, "meta refresh"
    if _GO.search(body[:20_000]) and len(body) < 20_000:
        return Verdict.moved, "a script leads elsewhere"
    return (Verdict.empty, "no visible text") if len(low) < 80 else None


def _answerable(body: bytes) -> bool:
    return b"<form" in body or b"<button" in body or b"<a " in body or b"<input" in body
