"""A bare page that wants something first: consent, an age, a country, a log-in, patience. Asked only of pages with few
links, no product data and no price."""

import re

from crawler.core.verdicts.lost import lost
from crawler.core.verdicts.words import Judgement, Verdict

_CONSENT = re.compile(
    r"before you continue|bevor (?:du|sie) fortf(?:ä|a)hr|avant de continuer|antes de continuar|"
    r"(?:we|this site|our (?:\d+ )?partners|wir|nous|nosotros)\b.{0,80}\bcookies|accept (?:all )?cookies|"
    r"alle (?:cookies )?akzeptieren|tout accepter|aceptar todo|accetta tutt|alles accepteren|"
    r"(?:we|your) (?:value|choices|privacy).{0,20}privacy.{0,400}(?:accept|agree)|consent",
    re.I,
)
_CONSENT_URL = re.compile(r"//(?:consent|guce)\.|/(?:cookie-?)?consent(?:[/?]|$)", re.I)
_GATE = re.compile(
    r"(?:are you|you must be|i am|i'm|confirm (?:that )?you are)\b.{0,20}\b(?:1[68]|21)\b|age verification|"
    r"(?:choose|select|confirm|pick) (?:your|a) (?:country|region|location|language|store|"
    r"delivery (?:country|location))",
    re.I,
)
_LOGIN = re.compile(
    r"(?:please )?(?:sign|log)[ -]?in(?: to)? (?:to (?:continue|your account|view|see|proceed)|with|"
    r"or (?:create|sign up))|(?:sign|log)[ -]?in\b.{0,60}(?:e-?mail|phone|password)|"
    r"(?:e-?mail|phone number).{0,60}(?:continue|(?:sign|log)[ -]?in)|"
    r"anmelden|connectez-vous|inicia(?:r)? sesión|create an account to (?:continue|view)",
    re.I,
)
_AWAY = re.compile(
    r"(?:down|closed|offline|unavailable) for (?:a bit of |some |scheduled |planned )*(?:maintenance|updates?)|"
    r"(?:under|scheduled|site|planned) maintenance|we(?:'ll| will) be (?:right )?back|be back (?:soon|shortly)|"
    r"wartungsarbeiten|en maintenance|en mantenimiento|temporarily (?:unavailable|down|out of service)|"
    r"technical (?:difficulties|issues|problems)|something went wrong|establishing a database connection|"
    r"server (?:is )?(?:busy|overloaded)|limited by the site owner",
    re.I,
)
_LINE = re.compile(
    r"(?:waiting|virtual) (?:room|queue|line)|you are (?:now )?in (?:the |a )?(?:line|queue)|"
    r"your (?:turn|estimated wait|place in (?:line|the queue))|queue-it",
    re.I,
)
_SCRIPT = re.compile(
    r"(?:turn|enable|activate|requires?|need to enable)\b.{0,20}\bjava ?script|"
    r"java ?script (?:is |has been )?(?:disabled|required)",
    re.I,
)
_GO = re.compile(
    rb"""(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*=\s*["'][^"']|location\.(?:replace|assign)\("""
)
_SHORT, _BRIEF = 3_000, 1_500  # characters
_HTML = re.compile(rb"<(?:html|body|!doctype)\b", re.I)
_FIELD = re.compile(rb"""type=["']?(?:password|email|tel)\b|name=["']?(?:email|username|login|phone)\b""", re.I)


def wall(body: bytes, url: str, text: str) -> Judgement | None:
    """The verdict on a bare page whose visible text is `text`; None when it is but short."""
    low = text.replace("’", "'")
    if _CONSENT_URL.search(url) or (len(low) < _SHORT and _answerable(body) and _CONSENT.search(low)):
        return Verdict.consent, "asks for consent"
    if len(low) < _BRIEF:
        return _brief(body, low)
    return None


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
    return _nothing(body, low) if len(low) < 160 and _HTML.search(body) else None


def _nothing(body: bytes, low: str) -> Judgement | None:
    """Hardly a word: a page that scripts were to fill, or one that only leads on."""
    if b'http-equiv="refresh"' in body.lower():
        return Verdict.moved, "meta refresh"
    if _GO.search(body[:20_000]) and len(body) < 20_000:
        return Verdict.moved, "a script leads elsewhere"
    if len(low) < 80:
        return Verdict.empty, "no visible text"
    return (Verdict.empty, "wants scripts") if _SCRIPT.search(low) else None


def _answerable(body: bytes) -> bool:
    return b"<form" in body or b"<button" in body or b"<a " in body
