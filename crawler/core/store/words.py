"""The words a thing is found by, folded the same way when it is stored and when it is searched."""

import re
import unicodedata
from functools import lru_cache

ASCII_WORD = re.compile(r"[a-z0-9]+")
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})  # what NFD leaves whole


def terms(*texts: str | None) -> list[str]:
    """Lower case, deduplicated, accents folded, in order: "Söfa, 3-seater" -> sofa, 3, seater."""
    return list(dict.fromkeys(_words(" ".join(filter(None, texts)))))


@lru_cache(4096)
def label(kind: str, text: str) -> str:
    """A whole phrase as one term that no word of a title can equal: "category", "Living room" ->
    "category:living_room"."""
    return f"{kind}:{'_'.join(_words(text))}"


def _words(text: str) -> list[str]:
    if text.isascii():
        return ASCII_WORD.findall(text.lower())
    folded = unicodedata.normalize("NFD", text.casefold()).translate(LETTERS)
    kept = (c if _in_word(c) else " " for c in folded if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(kept)).split()


def _in_word(character: str) -> bool:
    """Vowel signs of Indic scripts are marks, yet belong to their word."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"
