"""Headings that say, with status 200, that there is no such page or good: the whole heading is an apology, so that a
good called "The Missing Page" is none."""

import re

from crawler.core.verdicts.tongues import GONE

_PAGE = (
    r"(?:web ?)?(?:page|product|item|listing|article|url|link|address|offer|style|shoe|piece)|"
    r"seite|artikel|produkt|angebot|page|produit|article|página|producto|artículo|pagina|prodotto|articolo|produto|"
    r"product|artikelen|sidan|varan|produkten|siden|varen|sivua|tuotetta|strona|produkt"
)
_ASKED = "(?:(?:requested|aufgerufene|gesuchte|gewünschte|angeforderte|opgevraagde|begärda) )?"
_THAT = (
    r"(?: (?:demandée?|recherchée?|solicitad[ao]|buscad[ao]|richiest[ao])|"
    r" (?:that |which )?(?:you|we)(?:'re|'ve| are| were| have| had)? ?(?:requested|selected|looking for|look for|"
    r"entered|want(?:ed)?|tried to (?:reach|open|visit)|after)| (?:que|che) (?:vous |tu |stai |est[aá]s )?\w+|"
    r",? die (?:du|sie) \w+,?)?"
)
_GONE = (
    r"(?:(?:is|was|are|has been|have been|may have been|might have been|could have been|'s|seems to be|"
    r"appears to be) "
    r"(?:not |no longer |currently |either |now )*(?:found|available|here|exist(?:s|ing)?|missing|gone|lost|moved|"
    r"removed|deleted|discontinued|unavailable|expired|invalid|offered|active|sold|ended)(?: (?:or|and is|"
    r"and) (?:been |is )?(?:no longer )?\w+)*|"
    r"(?:isn't|wasn't|aren't) (?:available|here|found|valid|active)(?: anymore| any more| any longer)?|"
    r"(?:could not|couldn't|can't|cannot|can not) be (?:found|located|displayed|loaded)|"
    r"(?:does not|doesn't|do not|don't|no longer) (?:seem to |appear to )?exists?(?: anymore| any more)?|"
    r"not found|unavailable|not available|missing|no longer available|has sold|"
    r"(?:wurde |konnte |ist |existiert |gibt es )?(?:leider )?nicht(?: mehr)?(?: gefunden(?: werden)?| verfügbar|"
    r" vorhanden)?|(?:n'est|n'existe)(?: plus| pas)(?: disponible| trouvée?)?|(?:est )?(?:introuvable|indisponible)|"
    r"(?:ya )?no (?:existe|está disponible|se encuentra|encontrad[ao])|non (?:è )?(?:più )?(?:trovat[ao]|disponibile|"
    r"esiste)|não (?:existe|encontrad[ao]|está disponível)|"
    r"(?:bestaat|is) (?:helaas )?niet(?: \(?meer\)?)?(?: beschikbaar| gevonden)?|"
    r"(?:kunde inte hittas|finns inte|hittades inte|findes ikke|ble ikke funnet|ei löytynyt|nie istnieje|"
    r"nie została znaleziona))"
)
_WE = (
    r"(?:we |i )?(?:looked everywhere[\w, ]{0,12} )?(?:but )?(?:we )?(?:couldn't|can't|could not|cannot|"
    r"are unable to|"
    r"were unable to|were not able to|didn't) (?:seem to |be able to )?(?:find|locate)"
    rf" (?:that|the|this|your|a|what)\b(?: (?:{_PAGE}))?{_THAT}"
)
_SORRY = (
    r"(?:(?:oh no|oh dear|oops|ooops|whoops|uh ?-?oh|hmm+|ouch|yikes|oups|hoppla|hier ist etwas schiefgelaufen|"
    r"parece que|il semble que|sembra che|"
    r"ops|¡?vaya|lo siento|spiacente|beklager|"
    r"sorry|we're sorry|we are sorry|we apologi[sz]e|"
    r"unfortunately|looks like|it looks like|it seems|leider|désolée?|nous sommes désolés|lo sentimos|ups|oeps|"
    r"hoppsan|"
    r"ci dispiace|spiacenti|but|that)\b[\s,.!:…-]*)*"
)
_LOST = re.compile(
    rf"{_SORRY}(?:(?:error |http )?404(?: error)?"
    rf"(?:[\s:|–(-]+{_SORRY}(?:page )?(?:not found|missing|error|{_WE}|(?:this |the )?page {_GONE}))?\)?|"
    rf"(?:the |this |that |your |a |die |diese |dieses |der |dieser |das |la |le |cette |ce |cet |l'|el |esta |este |"
    rf"il |questo |questa |a |de |deze |dit |denne |det |den )?{_ASKED}(?:{_PAGE}){_THAT} ?{_GONE}|"
    r"(?:not found|page missing|"
    rf"nothing (?:found|to see) here|dead link|{_WE}|we looked everywhere|you(?:'re| are| seem to be) lost|"
    rf"existiert die von (?:dir|ihnen) {_ASKED}(?:{_PAGE}) nicht(?: mehr)?|nie znaleziono (?:strony|produktu)|"
    r"nous (?:n'avons pas trouvé|ne trouvons pas) (?:la|cette) page)|"
    r"looking for something\??|kein treffer|documento no encontrado|cannot get /\S*|default backend - 404|"
    rf"{'|'.join(GONE)})[\s.!?…:1]*(?:[|–—·-].{{0,40}})?",
    re.I,
)
_SIGNED = re.compile(
    r"\S \s?[|–—:·-] (?:404[ :-]+(?:error|(?:page )?not found)|error 404|(?:page|product|item) not found|"
    r"seite nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada|"
    r"pagina non trovata|"
    r"pagina niet gevonden)[\s.!]*$",
    re.I,
)  # behind the site's name
LONGEST = 120  # characters; a longer heading tells a story


def lost(heading: str) -> bool:
    """Whether a heading does nothing but apologise for a page that is not there."""
    said = " ".join(heading.replace("’", "'").split())
    return len(said) <= LONGEST and (_LOST.fullmatch(said) or _SIGNED.search(said)) is not None
