"""What the demo prints of its first search."""

from rich.console import Console

from crawler.demo import show

SOURCES = [
    [
        {"name": "alder", "status": "ok", "count": 14, "ms": 812, "reason": ""},
        {"name": "birch", "status": "timeout", "count": 0, "ms": 60_000, "reason": "took longer than 60 s"},
    ],
    [{"name": "lumen", "status": "ok", "count": 22, "ms": 400, "reason": ""}],
]


def printed(what):
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_each_source_with_its_time_and_status():
    lines = printed(show.source_table(dict(zip(("products", "designs"), SOURCES, strict=True)))).splitlines()
    (alder,), (birch,) = ([line for line in lines if name in line] for name in ("alder", "birch"))
    assert [cell.strip() for cell in alder.split("│")[1:-1]] == ["alder", "products", "14", "0.8 s", "ok"]
    assert "timeout took longer than 60 s" in birch


def test_one_sentence_counts_those_that_gave_something():
    said = show.summary(14, 22, SOURCES, 1.23, 12)
    assert said.startswith("14 products from 1 shop and 22 designs from 1 source in 1.2 s; 12 products are watched")


def test_only_the_newest_changes_are_shown():
    changes = [
        {"product_id": f"alder:{n}", "field": "price", "old": "2.00", "new": "1.00", "confirmed": "repeat"}
        for n in range(25)
    ]
    text = printed(show.change_table(changes))
    assert "25 changes" in text
    assert "alder:24" in text
    assert "alder:14 " not in text
    assert text.count("a second fetch") == 10
