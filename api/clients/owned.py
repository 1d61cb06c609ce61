"""Keys of small documents that belong to one client."""

from urllib.parse import quote


def key(client: str, *parts: str) -> str:
    """`<client>/<part>/…`, and with an empty last part the prefix of all below. A client's name may hold slashes; they
    are escaped, so that nobody's prefix covers another's keys."""
    return "/".join((quote(client, safe=""), *parts))


def family(client: str) -> str:
    """The prefix of the keys of all who share this client's access and name themselves by `X-Homefeed-Client`."""
    return quote(f"{client.partition('/')[0]}/", safe="")
