"""Which URLs may be fetched on somebody's word. The table is what people try."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core import guard as guard_module
from crawler.core.errors import ConfigError, GuardError
from crawler.core.guard import Guard, public, resolve

OPEN = "93.184.215.14"

REFUSED = {
    "scheme": ["ftp://shop.test/", "file:///etc/passwd", "gopher://shop.test/", "javascript:alert(1)", "//shop.test/",
               "shop.test/x", "data:text/html,x", "http:shop.test", "", "unix:/run/x.sock", "httpx://shop.test/"],
    "host": ["http://", "http:///x", "https://?q", "http://.", "http://shop..test/", "http://shop_-/",
             "http://-shop.test/", "http://" + "a" * 64 + ".test/", "http://sh%6fp.test/", "http://shop.test%00/",
             "http://[::1/", "http://[x]/", "http://a]b.test/"],
    "credentials": ["http://user:secret@shop.test/", "http://user@shop.test/", "http://@shop.test/",
                    "http://shop.test@127.0.0.1/", "http://shop.test:80@127.0.0.1/", "http://:@shop.test/"],
    "parser tricks": ["http://shop.test\\@127.0.0.1/", "http://127.0.0.1\\.shop.test/", "http://shop.test\t/",
                      " http://shop.test/", "http://shop.test/\r\nHost: x", "http://127.0.0.1\n.shop.test/",
                      "http://shop.test/" + "a" * 9_000, "http://127.0.0.1#@shop.test/", "http://127.0.0.1?@shop.test/"],
    "port": ["http://shop.test:0/", "http://shop.test:65536/", "http://shop.test:x/", "http://shop.test:-1/"],
    "inside names": ["http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://printer.local/",
                     "http://metadata.google.internal/", "http://router/", "http://nas.lan/", "http://x.home.arpa/"],
    "inside v4": [f"http://{a}/" for a in (
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.192",
        "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1")],
    "inside v6": [f"http://[{a}]/" for a in (
        "::1", "::", "fe80::1", "fe80::1%25eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "0:0:0:0:0:ffff:0a00:0001", "::127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::",
        "2002:a00:1::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "5f00::1", "100::1")],
    "odd spellings": [f"http://{a}/" for a in (
        "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
        "127.0.0.1.", "1.1.1.1.", "010.8.8.8", "08.8.8.8", "256.1.1.1", "1.2.3.4.5", "0", "0x", "127.0.0.0x1",
        "127。0。0。1", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127.0.0.1%2f", "3232235777")],
}  # fmt: skip

PASSES = ["http://shop.test/", "https://shop.test", "HTTPS://Shop.Test:8443/a?b=c#d", "http://sub.shop.co.test./x",
          "http://8.8.8.8/", "http://1.1.1.1:8080/", "http://[2606:4700::1111]/", "http://[::ffff:8.8.8.8]/",
          "http://[64:ff9b::808:808]/", "http://möbel.test/sofa", "http://xn--mbel-5qa.test/", "http://a_b.shop.test/",
          "http://shop.test/@user", "http://shop.test/?to=http://127.0.0.1/", "http://172.32.0.1/",
          "http://100.128.0.1/"]  # fmt: skip


def names(**addresses):
    """A resolver that knows these names and counts what it was asked."""

    async def answer(host, port):
        if host.rstrip(".") not in addresses:
            raise OSError("no such name")
        return addresses[host.rstrip(".")]

    return answer


async def nobody(host, port):
    raise AssertionError(f"asked DNS for {host}")


@pytest.mark.parametrize(("why", "url"), [(why, url) for why, urls in REFUSED.items() for url in urls])
async def test_refused_without_asking_dns(why, url):
    guard = Guard(resolve=nobody)
    with pytest.raises(GuardError) as caught:
        guard.check(url, "webhook")
    assert caught.value.field == "webhook"
    assert str(caught.value).startswith("webhook: ")
    assert "secret" not in str(caught.value)
    with pytest.raises(GuardError):
        await guard.resolve_and_check(url)


@pytest.mark.parametrize("url", PASSES)
async def test_passes(url):
    async def somewhere(host, port):
        return [OPEN]

    guard = Guard(resolve=somewhere)
    assert guard.check(url).url == url
    target = await guard.resolve_and_check(url)
    assert target.addresses
    assert not target.allowed


def test_the_target_tells_host_and_port():
    guard = Guard()
    assert (guard.check("https://Shop.Test/x").host, guard.check("https://shop.test/x").port) == ("shop.test", 443)
    assert guard.check("http://shop.test:8080/").port == 8080
    assert guard.check("http://8.8.8.8/").addresses == ("8.8.8.8",)


@pytest.mark.parametrize("found", [["127.0.0.1"], [OPEN, "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"],
                                   ["169.254.169.254"], ["64:ff9b::7f00:1"], []])  # fmt: skip
async def test_a_name_must_lead_only_to_public_addresses(found):
    async def rebind(host, port):
        return found

    with pytest.raises(GuardError, match=r"url: shop\.test leads to an address that is not public"):
        await Guard(resolve=rebind).resolve_and_check("http://shop.test/")


async def test_checked_addresses_come_with_the_target_so_that_a_client_can_pin_them():
    async def answer(host, port):
        assert (host, port) == ("shop.test", 443)
        return [OPEN, "2606:4700::1111"]

    target = await Guard(resolve=answer).resolve_and_check("https://shop.test/")
    assert target.addresses == (OPEN, "2606:4700::1111")


async def test_a_name_without_an_address_is_refused():
    with pytest.raises(GuardError, match="no address"):
        await Guard(resolve=names()).resolve_and_check("http://gone.test/")


async def test_dns_that_does_not_answer_is_refused_in_time(monkeypatch):
    monkeypatch.setattr(guard_module, "RESOLVE_S", 0.05)

    async def silent(host, port):
        await asyncio.sleep(30)

    with pytest.raises(GuardError, match="no address"):
        await Guard(resolve=silent).resolve_and_check("http://shop.test/")


@pytest.mark.parametrize(("location", "ends"), [("/next", "http://shop.test/next"), ("//other.test/x", "http://other.test/x"),
                                                ("https://other.test/", "https://other.test/")])  # fmt: skip
async def test_a_redirect_is_followed_to_public_places(location, ends):
    guard = Guard(resolve=names(**{"shop.test": [OPEN], "other.test": [OPEN]}))
    assert (await guard.follow("http://shop.test/a", location)).url == ends


@pytest.mark.parametrize("location", ["http://127.0.0.1/", "//169.254.169.254/latest", "file:///etc/passwd",
                                      "http://inside.test/", "http://u@shop.test/", "gopher://shop.test/"])  # fmt: skip
async def test_a_redirect_elsewhere_is_refused(location):
    guard = Guard(resolve=names(**{"shop.test": [OPEN], "inside.test": ["10.0.0.7"]}))
    with pytest.raises(GuardError):
        await guard.follow("http://shop.test/a", location)


async def test_the_allow_list_lets_through_exactly_host_and_port():
    guard = Guard(["127.0.0.1:8001", "Localhost:80", "[::1]:90", "shop.internal:443"], resolve=nobody)
    for url in ("http://127.0.0.1:8001/x", "http://localhost/", "http://[::1]:90/", "https://shop.internal/"):
        assert (await guard.resolve_and_check(url)).allowed
    for url in ("http://127.0.0.1:8002/", "http://127.0.0.1/", "http://localhost:81/", "http://x.shop.internal:443/",
                "ftp://127.0.0.1:8001/", "http://u:p@127.0.0.1:8001/"):  # fmt: skip
        with pytest.raises(GuardError):
            await guard.resolve_and_check(url)


@pytest.mark.parametrize("entry", ["127.0.0.1", ":80", "host:", "host:http", ""])
def test_a_broken_allow_list_names_the_setting(entry):
    with pytest.raises(ConfigError, match="HOMEFEED_GUARD_ALLOW"):
        Guard([entry])


@given(st.ip_addresses(v=4))
def test_law_what_python_calls_private_is_never_public(address):
    if not address.is_global or address.is_multicast:
        assert not public(address)
        assert not public(IPv6Address(f"::ffff:{address}"))
        assert not public(IPv6Address(int(IPv6Address("64:ff9b::")) + int(address)))


@given(st.ip_addresses(v=6))
def test_law_what_python_calls_private_v6_is_never_public(address):
    if not address.is_global or address.is_multicast or address.is_site_local:
        assert not public(address)


@given(st.integers(1, 2**32 - 1))
def test_law_no_spelling_of_an_address_passes_but_the_usual_one(number):
    usual = IPv4Address(number)
    octets = str(usual).split(".")
    spellings = [str(number), hex(number), oct(number).replace("0o", "0"), f"{octets[0]}.{number & 0xFFFFFF}",
                 ".".join(hex(int(o)) for o in octets), ".".join(f"0{int(o):o}" for o in octets)]  # fmt: skip
    for host in spellings:
        with pytest.raises(GuardError):
            Guard().check(f"http://{host}/")


async def test_the_systems_resolver_gives_addresses():
    assert all(ip_address(a).is_loopback for a in await resolve("localhost", 80))
