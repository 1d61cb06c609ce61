"""Tables say what is known: a price is never cut, nothing is not the same as none."""

import io

import pytest
from rich.console import Console

from crawler import cli
from crawler.cli import stats
from crawler.cli._tables import products_table


def shown(table):
    console = Console(file=io.StringIO(), width=80)
    console.print(table)
    return console.file.getvalue()


def test_a_price_is_never_cut_for_a_long_title():
    product = {"title": "A corner sofa " * 20, "price": "130916.00", "list_price": "240949.00", "currency": "INR",
               "availability": "out_of_stock", "retailer": "a-shop-by-name"}  # fmt: skip
    text = shown(products_table([product]))
    for cell in ("130916.00 INR", "240949.00 INR", "out of stock", "a-shop-by-name"):
        assert cell in text


def test_a_run_that_found_nothing_says_so(capsys):
    source = {"name": "oak", "status": "ok", "reason": "", "last_run": None, "seconds": 0.0, "pages": 1, "items": 0}
    stats._print({"waiting": 0, "workers": [], "store": {}, "sources": [source]})
    cells = [cell.strip() for cell in capsys.readouterr().out.splitlines()[-2].split("│")]
    assert cells[1:-1] == ["oak", "ok", "", "0.0", "1", "0", ""]


def test_ctrl_c_is_no_traceback(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "commands", interrupted)
    with pytest.raises(SystemExit) as end:
        cli.app()
    assert end.value.code == 130
