"""The text of a page whose charset is not the one it declares."""

import pytest

from crawler.bases.document import Document

TEXT = "<title>Café ₹</title>"
WEST = "<title>Café £ ü</title>"


@pytest.mark.parametrize(
    ("text", "sent", "declared"),
    [
        (TEXT, "utf-8", "utf-8"),
        (TEXT, "utf-8", "iso-8859-1"),
        (TEXT, "utf-8", "klingon-8"),
        (TEXT, "utf-8", None),
        (WEST, "cp1252", "utf-8"),
        (WEST, "cp1252", "iso-8859-1"),
        (WEST, "cp1252", None),
        ("<title>家具</title>", "gbk", "gbk"),
        (TEXT, "utf-16", "utf-8"),
    ],
)
def test_bytes_win_over_a_label_that_cant_be_true(text, sent, declared):
    headers = {"content-type": f"text/html; charset={declared}"} if declared else {}
    assert Document("https://s.test/", text.encode(sent), headers=headers).text == text


def test_one_bad_byte_in_utf8_costs_one_letter():
    doc = Document("https://s.test/", "é".encode() + b"\xe9!", headers={"content-type": "text/html; charset=utf-8"})
    assert doc.text == "é\ufffd!"
