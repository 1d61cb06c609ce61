import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.store import terms
from crawler.core.store.words import label


@pytest.mark.parametrize(("texts", "expected"), [
    (["Söfa, 3-seater"], ["sofa", "3", "seater"]), (["OAK oak", "Oak"], ["oak"]), ([None, "", " - "], []),
    (["Ødegård Łódź Æble"], ["odegard", "lodz", "aeble"]), (["GROSSE Größe"], ["grosse"]),
    (["EKTORP™ №5"], ["ektorp", "5"]), (["naïve café", "Cafe\u0301"], ["naive", "cafe"]),
    (["सोफा कुर्सी"], ["सोफा", "कुरसी"]), (["120×60cm"], ["120", "60cm"]), (["it's"], ["it", "s"]),
    (["ソファ"], ["ソファ"]),
])  # fmt: skip
def test_words(texts, expected):
    assert terms(*texts) == expected


@given(st.text())
def test_folding_twice_is_folding_once(text):
    once = terms(text)
    assert terms(*once) == once


@given(st.text())
def test_a_term_is_safe_in_any_index(text):
    for term in terms(text):
        assert term
        assert not set(term) & set(" \t\n\0\"'$.:_*()^+-")


def test_a_label_is_no_word():
    assert label("category", "Living room") == "category:living_room"
    assert not set(terms("category:living_room")) & {label("category", "Living room")}
