"""A shop redesigned, or a page that came in part: what readers hold on to is gone or called otherwise."""

import re
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser

from bench.truth_world.reading import Answer

_JSONLD = re.compile(r"<script[^>]*ld\+json[^>]*>.*?</script>", re.S | re.I)
_STATE = re.compile(r"(<script(?![^>]*(?:ld\+json|\bsrc=))[^>]*>)(.*?)(</script>)", re.S | re.I)
_CLASS = re.compile(r"""(\sclass=)("[^"]*"|'[^']*')""")
_MARKS = re.compile(r"""\s(id|data-[\w-]+)=("[^"]*"|'[^']*')""")
_MICRODATA = re.compile(r"""\s(?:itemprop|itemscope|itemtype)(?:=("[^"]*"|'[^']*'))?""")
_META = re.compile(r"""<meta[^>]*(?:og:|product:)[^>]*>""")
_KEY = re.compile(r'"([A-Za-z_]\w*)"(\s*:)')


def classes_renamed(answer: Answer) -> Answer:
    """As a new build of the shop's style sheets does it: every class, everywhere alike."""
    return answer.says(
        _CLASS.sub(lambda m: m[1] + '"' + " ".join(f"c{_hash(c)}" for c in m[2][1:-1].split()) + '"', answer.text)
    )


def marks_renamed(answer: Answer) -> Answer:
    """Ids and data attributes."""
    return answer.says(
        _MARKS.sub(
            lambda m: f" {'id' if m[1] == 'id' else 'data-' + _hash(m[1])}={m[2][0]}{_hash(m[2])}{m[2][0]}", answer.text
        )
    )


def jsonld_removed(answer: Answer) -> Answer:
    return answer.says(_MICRODATA.sub("", _META.sub("", _JSONLD.sub("", answer.text))))


def state_removed(answer: Answer) -> Answer:
    return answer.says(_STATE.sub("", answer.text))


def keys_renamed(answer: Answer) -> Answer:
    """The JSON of scripts, or of the whole answer, with other names."""
    if answer.is_json:
        return answer.says(_KEY.sub(r'"x_\1"\2', answer.text))
    return answer.says(_STATE.sub(lambda m: m[1] + _KEY.sub(r'"x_\1"\2', m[2]) + m[3], answer.text))


def redesigned(answer: Answer) -> Answer:
    """All at once."""
    return (
        keys_renamed(answer)
        if answer.is_json
        else marks_renamed(classes_renamed(state_removed(jsonld_removed(answer))))
    )


def cut(answer: Answer, percent: int) -> Answer:
    return answer._replace(body=answer.body[: len(answer.body) * percent // 100])


def cut_and_closed(answer: Answer, percent: int) -> Answer:
    """A page whose later blocks never were rendered: it ends after one and is closed as if whole."""
    if answer.is_json:
        return answer
    kept = answer.text[: len(answer.text) * percent // 100]
    return answer.says(kept[: max(kept.rfind("</div>"), kept.rfind("</section>"), 0)] + "</div></body></html>")


def one_tile(answer: Answer, ids: tuple[str, ...]) -> Answer:
    """A listing that shows one good only. `ids`: the article number of each tile."""
    if answer.is_json:
        data = orjson.loads(answer.body)
        return answer._replace(body=orjson.dumps(_shortened(data, set(ids))))
    tree = LexborHTMLParser(answer.text)
    for node in tree.css("*"):
        tiles = (
            [child for child in node.iter() if sum(sku in (child.html or "") for sku in ids) == 1]
            if _many(node, ids)
            else []
        )
        if len(tiles) > max(1, len(ids) // 2):
            for tile in tiles[1:]:
                tile.decompose()
            return answer.says(_states_shortened(tree.html or "", set(ids)))
    return answer.says(_states_shortened(answer.text, set(ids)))


def _many(node: Any, ids: tuple[str, ...]) -> bool:
    html = node.html or ""
    return sum(sku in html for sku in ids) > len(ids) // 2 and len(list(node.iter())) > len(ids) // 2


def _states_shortened(text: str, ids: set[str]) -> str:
    def shorter(found: re.Match[str]) -> str:
        start, end = found[2].find("{"), found[2].rfind("}") + 1
        try:
            data = orjson.loads(found[2][start:end])
        except ValueError:
            return found[0]
        return found[1] + found[2][:start] + orjson.dumps(_shortened(data, ids)).decode() + found[2][end:] + found[3]

    return _STATE.sub(shorter, _JSONLD.sub("", text))


def _shortened(data: Any, ids: set[str]) -> Any:
    """Every list of goods with its first only."""
    if isinstance(data, dict):
        return {key: _shortened(value, ids) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    goods = [item for item in data if any(sku in orjson.dumps(item).decode() for sku in ids)]
    return [_shortened(item, ids) for item in (data if len(goods) < 2 else goods[:1])]


def _hash(name: str) -> str:
    value = 7
    for letter in name:
        value = (value * 31 + ord(letter)) % 0xFFFFFF
    return f"{value:06x}"
