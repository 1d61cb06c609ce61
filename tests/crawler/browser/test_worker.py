"""The browser in a warm worker: one for all its crawls, gone when none needs it."""

import pytest

from tests.crawler.browser.glass import glass
from tests.crawler.browser.test_pages import left_running
from tests.crawler.jobs.workers import told, workers

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]


async def test_a_shop_that_turns_robots_away_is_read_by_the_workers_browser(tmp_path):
    with glass() as shop:
        more = {
            "HOMEFEED_EXTRA_SPIDERS": "tests.crawler.browser.spiders",
            "HOMEFEED_PACE": "0",
            "HOMEFEED_LOG_LEVEL": "INFO",
        }
        async with workers({"vase": shop.port}, tmp_path, **more) as running:
            await running.start()
            for first in (1, 4):
                urls = " ".join(f"http://127.0.0.1:{shop.port}/captcha-v{first + n}" for n in range(3))
                job, events = await running.search("recheck", "", ["vase"], args={"url": urls}, priority="recheck")
                assert job.state == "done", job.reason
                assert sorted(told(events)) == [f"vase:v{first + n}" for n in range(3)]
        plain = [head for head in shop.heads if "Sec-Fetch-Dest" not in head]
    assert len(plain) <= 5  # robots.txt, and those under way when the first was turned away
    assert not left_running()
