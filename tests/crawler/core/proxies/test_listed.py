"""The list of proxies: named without secrets, and refused without repeating any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.config import load
from crawler.core.errors import ConfigError
from crawler.core.proxies.listed import listed, server


def test_names_are_host_and_port():
    assert listed(["http://u:p@a.test:1", "b.test:2", "https://c.test", "http://[::1]:3"]) == {
        "a.test:1": "http://u:p@a.test:1",
        "b.test:2": "http://b.test:2",
        "c.test:443": "https://c.test",
        "[::1]:3": "http://[::1]:3",
    }


def test_several_accounts_at_one_gateway_are_several_proxies():
    accounts = [f"http://session-{n}:p@gate.test:7000" for n in (1, 2, 3)]
    assert listed([*accounts, accounts[0]]) == dict(
        zip(["gate.test:7000", "gate.test:7000/2", "gate.test:7000/3"], accounts, strict=True)
    )


@pytest.mark.parametrize("entry", ["socks5://u:geheim@h:1", "http://u:geheim@", "http://u:geheim@h:port", "ftp://h:1",
                                   "http://u:geheim@h:99999", "http://u:geheim@[::1"])  # fmt: skip
def test_what_is_no_proxy_is_refused_without_its_secret(entry, tmp_path):
    with pytest.raises(ConfigError) as raised:
        load({"HOMEFEED_PROXIES": f"http://ok:1,{entry}"}, tmp_path / "none")
    assert raised.value.field == "HOMEFEED_PROXIES"
    assert "entry 2" in str(raised.value)
    assert "geheim" not in str(raised.value)


@given(st.lists(st.from_regex(r"http://[a-z]{1,3}:geheim@[ab]\.test:[12]", fullmatch=True), max_size=8))
def test_law_every_proxy_once_and_no_secret_in_a_name(entries):
    found = listed(entries)
    assert sorted(found.values()) == sorted(set(entries))
    assert not any("geheim" in name or "@" in name for name in found)


def test_the_address_without_user_and_password():
    assert server("http://u:geheim@h:1/") == "http://h:1"


@pytest.mark.parametrize(("ways", "says"), [
    ("proxy", "HOMEFEED_PROXIES names none"), ("direct,foot", "name some of"), ("direct,direct", "each once"),
    (",", "name some of"),
])  # fmt: skip
def test_ways_that_lead_nowhere_are_refused(ways, says, tmp_path):
    with pytest.raises(ConfigError, match=says) as raised:
        load({"HOMEFEED_WAYS": ways}, tmp_path / "none")
    assert raised.value.field == "HOMEFEED_WAYS"


def test_ways_in_the_operators_order(tmp_path):
    found = load({"HOMEFEED_WAYS": " browser, proxy", "HOMEFEED_PROXIES": "h:1"}, tmp_path / "none")
    assert found.names("ways") == ["browser", "proxy"]
