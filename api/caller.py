"""Who asks: the name under which the front let this request in."""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

LOCAL = "local"  # a loopback API without keys


def caller_of(connection: HTTPConnection) -> str:
    client = connection.scope.get("homefeed.client")
    return client.name if client else LOCAL


TheCaller = Annotated[str, Depends(caller_of)]
