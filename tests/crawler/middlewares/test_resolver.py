"""What a connection may lead to, judged when it is made."""

from types import SimpleNamespace

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.core.config import Config
from crawler.middlewares.resolver import PublicOnly, install


class Dns:
    """Answers every name with the same addresses, as the one asked last."""

    def __init__(self, *hosts):
        self.hosts = hosts

    def resolveHostName(self, receiver, name, port=0, kinds=None, semantics="TCP"):
        receiver.resolutionBegan(self)
        for host in self.hosts:
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, port))
        receiver.resolutionComplete()
        return self


def resolved(resolver, name, port):
    found, told = [], []
    receiver = SimpleNamespace(
        resolutionBegan=told.append,
        addressResolved=lambda a: found.append(a.host),
        resolutionComplete=lambda: told.append(1),
    )
    assert resolver.resolveHostName(receiver, name, portNumber=port) is not None
    assert len(told) == 2
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"])
def test_a_name_that_leads_inside_leads_nowhere(host):
    resolver = PublicOnly(Dns(host, "93.184.215.14"), {("shop.test", 8080)})
    assert resolved(resolver, "shop.test", 80) == ["93.184.215.14"]
    assert resolved(resolver, "shop.test", 8080) == [host, "93.184.215.14"]
    assert resolved(resolver, "Shop.TEST", 8080) == [host, "93.184.215.14"]


def test_it_is_installed_once_and_lets_proxies_through(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://10.0.0.2:3128")
    reactor = SimpleNamespace(nameResolver=Dns("10.0.0.1"))
    reactor.installNameResolver = lambda resolver: setattr(reactor, "nameResolver", resolver)
    settings = Config(guard_allow="127.0.0.1:1,[::1]:2", proxies="http://user:pass@proxy.lan:8000")
    for _ in range(2):
        install(reactor, settings)
    assert isinstance(reactor.nameResolver.inner, Dns)
    for name, port in (("127.0.0.1", 1), ("::1", 2), ("proxy.lan", 8000), ("10.0.0.2", 3128)):
        assert resolved(reactor.nameResolver, name, port) == ["10.0.0.1"]
    assert resolved(reactor.nameResolver, "shop.test", 443) == []
