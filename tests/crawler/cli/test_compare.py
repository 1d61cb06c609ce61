"""`homefeed compare` as a user runs it, against a real worker and the demo shops."""

import asyncio
import json
import signal

import pytest

from tests.crawler.cli.test_search import _runs, homefeed, started
from tests.crawler.jobs.workers import SHOPS, until, workers
from tests.demo_world import control, environ

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


async def test_without_a_worker_it_says_how_to_start_one(tmp_path):
    code, out, err = await homefeed("compare", "sofa", env=environ({}, tmp_path))
    assert (code, out) == (1, "")
    assert "homefeed up" in err


@pytest.mark.parametrize(("args", "says"), [
    ((), "query"), ((" -- ",), "query"), (("sofa", "--product", "alder:1"), "query"),
    (("sofa", "--limit", "0"), "--limit"), (("sofa", "--size", " "), "size"),
])  # fmt: skip
async def test_bad_arguments(tmp_path, args, says):
    code, _, err = await homefeed("compare", *args, env=environ({}, tmp_path))
    assert code == 2
    assert says in err


async def test_comparisons_of_a_real_worker(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()

        code, out, _ = await homefeed("compare", "sofa", "--json", env=running.env)
        found = json.loads(out)
        assert (code, found["state"]) == (0, "done")
        assert {s["name"]: s["status"] for s in found["sources"]} == dict.fromkeys(SHOPS, "ok")
        assert {shop["retailer"] for shop in found["results"]} == set(SHOPS)
        prices = [float(shop["product"]["price"]) for shop in found["results"]]
        assert prices == sorted(prices)
        assert all(shop["answered"] and shop["matched_by"] == "query" for shop in found["results"])

        product = found["results"][0]["product"]["id"]
        code, out, _ = await homefeed("compare", "--product", product, "--json", env=running.env)
        found = json.loads(out)
        assert (code, found["product_id"]) == (0, product)
        assert [shop["matched_by"] for shop in found["results"]] == ["id"]

        code, out, _ = await homefeed("compare", "sofa", "--source", "alder", env=running.env)
        assert code == 0
        assert all(word in out for word in ("list price", "stock", "INR", "alder", "now", "1 shop has it"))
        assert "birch" not in out

        code, out, _ = await homefeed("compare", "sofa", "--size", "US M 9", env=running.env)
        assert (code, "no shop has it" in out) == (1, True)

        code, _, err = await homefeed("compare", "--product", "alder:404", env=running.env)
        assert (code, "alder:404" in err) == (2, True)

        code, _, err = await homefeed("compare", "sofa", "--source", "lumen", env=running.env)
        assert code == 2
        assert "use alder, birch, cedar" in err


async def test_a_slow_shop_is_cut_at_its_limit_and_the_others_are_shown(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        control(demo["cedar"], fault="slow", times=3)
        try:
            code, out, _ = await homefeed("compare", "sofa", "--limit", "2", env=running.env)
        finally:
            control(demo["cedar"], fault="slow", times=0)
        assert code == 0
        assert "cedar: timeout no end within 2 s" in out
        assert "2 shops have it" in out


async def test_ctrl_c_takes_the_comparison_back(demo, tmp_path):
    async with workers(demo, tmp_path) as running:
        await running.start()
        for name in SHOPS:
            control(demo[name], fault="slow", times=3)
        try:
            process = started("compare", "table", "--limit", "30", env=running.env)
            await until(lambda: _runs(running.url), 20)
            process.send_signal(signal.SIGINT)
            out, err = await asyncio.to_thread(process.communicate, timeout=20)
        finally:
            for name in SHOPS:
                control(demo[name], fault="slow", times=0)
        assert (process.returncode, out) == (130, "")
        assert "the comparison was cancelled" in err
        assert "Traceback" not in err
