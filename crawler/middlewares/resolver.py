"""The guard's second look, at the moment of connecting: a name that led to a public place when it was checked may lead
elsewhere a moment later."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.core.config import Config
from crawler.core.guard import allowed, public


def install(reactor: Any, settings: Config) -> None:
    """From now on what `reactor` connects to is public, allowed by HOMEFEED_GUARD_ALLOW, or a proxy; may be called
    again."""
    inner = reactor.nameResolver
    while isinstance(inner, PublicOnly):
        inner = inner.inner
    reactor.installNameResolver(PublicOnly(inner, allowed(settings.names("guard_allow")) | _proxies(settings)))


def _proxies(settings: Config) -> set[tuple[str, int]]:
    """They are the operator's own and may stand anywhere."""
    parts = [urlsplit(url) for url in (*settings.proxies_by_name().values(), *getproxies().values())]
    return {(p.hostname, p.port or (443 if p.scheme == "https" else 80)) for p in parts if p.hostname}


@implementer(IHostnameResolver)
class PublicOnly:
    """A resolver for which addresses that are not public do not exist, but for `allow`, which holds (host, port)."""

    def __init__(self, inner: Any, allow: set[tuple[str, int]]):
        self.inner, self._allow = inner, allow

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0, *more: Any, **named: Any) -> Any:  # noqa: N802, N803
        if (name.lower(), portNumber) not in self._allow:
            receiver = _PublicOnes(receiver)
        return self.inner.resolveHostName(receiver, name, portNumber, *more, **named)


@implementer(IResolutionReceiver)
class _PublicOnes:
    """Hands on what is public; with nothing left, the name is one that leads nowhere."""

    def __init__(self, receiver: Any):
        self._receiver = receiver
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if public(ip_address(address.host.partition("%")[0])):
            self._receiver.addressResolved(address)
