"""What doctor says of ways out: proxies and a browser."""

import re

import pytest

from crawler.cli.checks import machine
from crawler.core.config import Config
from crawler.core.shared import Shared
from tests.local_proxies import REFUSED_PORT, USER, proxies

DEAD = f"http://{USER}@127.0.0.1:{REFUSED_PORT}"


@pytest.mark.parametrize(("tempers", "dead", "state", "says"), [
    ((), False, "missing", "none"), (("good", "locked"), False, "ok", "2 configured, 2 reached"),
    (("good",), True, "missing", f"silent: 127.0.0.1:{REFUSED_PORT}"), ((), True, "broken", "0 reached"),
])  # fmt: skip
async def test_proxies_are_reached_or_named_without_their_password(tempers, dead, state, says, tmp_path, valkey):
    with proxies(*tempers) as found:
        listed = [p.url for p in found] + ([DEAD] if dead else [])
        finding = await machine.proxies(Config(data_dir=tmp_path, redis_url=valkey, proxies=",".join(listed)))
    assert finding.state == state
    assert says in finding.says
    assert USER.partition(":")[2] not in finding.says


async def test_proxies_that_rest_are_named(tmp_path, valkey):
    settings = Config(data_dir=tmp_path, redis_url=valkey, proxies=f"{DEAD},http://{USER}@127.0.0.1:2")
    shared = Shared(settings)
    await shared.enter()
    health = await shared.proxy_health()
    await health.failed("oak.test", "127.0.0.1:1", everywhere=True)
    await health.failed("oak.test", "127.0.0.1:2")
    await shared.leave()
    says = (await machine.proxies(settings)).says
    assert re.search(r"; resting: 127\.0\.0\.1:1 \(\d\d s\); failed lately: 127\.0\.0\.1:2 \(sites: 1\)$", says)
    assert USER.partition(":")[2] not in says


@pytest.mark.parametrize(("values", "there", "package", "state", "says"), [
    ({}, True, True, "ok", "chromium"), ({}, False, True, "missing", "no Chromium"),
    ({}, True, False, "missing", "homefeed[playwright]"), ({"browser": "off"}, True, True, "ok", "off"),
    ({"browser": "/nowhere/chrome"}, True, True, "broken", "HOMEFEED_BROWSER"),
    ({"ways": "direct"}, True, True, "ok", "off"),
])  # fmt: skip
async def test_a_browser_is_found_or_what_is_missing_is_named(
    values, there, package, state, says, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "installed", lambda: package)
    if there:
        (tmp_path / "chromium").write_text("#!/bin/sh\n")
        (tmp_path / "chromium").chmod(0o755)
    finding = await machine.browser(Config(**values))
    assert finding.state == state
    assert says in finding.says
