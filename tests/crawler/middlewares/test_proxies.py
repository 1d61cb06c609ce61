"""Proxies that work are used in turn; one that blocks and one that refuses are rested; nothing is lost or leaked."""

import json

import pytest

from crawler.demo import world
from tests.demo_world import environ, scrapy
from tests.local_proxies import proxies

pytestmark = pytest.mark.slow


def test_rotation_through_good_bad_and_dead(demo, tmp_path):
    out = tmp_path / "out.jsonl"
    with proxies(True, True, False) as (first, second, blocking):
        listed = [f"http://user:geheim@127.0.0.1:{p.port}" for p in (first, second, blocking)]
        env = environ(demo, tmp_path, HOMEFEED_PROXIES=",".join([*listed, "http://127.0.0.1:1"]))
        done = scrapy(
            "crawl", "cedar", "-a", "query=sofa", "-a", "pages=2", "-a", "details=10", "-O", str(out), env=env
        )
    found = {json.loads(line)["sku"] for line in out.read_text().splitlines()}
    assert found == {g.sku for g in world.search("cedar", "sofa")}
    assert first.asked > 0
    assert second.asked > 0
    assert "geheim" not in done.stderr
