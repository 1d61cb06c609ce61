"""Where a folder's Valkey server listens and how it is entered: `server.json`, readable by its owner only."""

import os
import secrets
import socket
from pathlib import Path

import msgspec

from crawler.core.models import encode


class Access(msgspec.Struct):
    """What `server.json` says. `pid` is None only while the server is being started."""

    port: int
    password: str
    pid: int | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def fresh() -> Access:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Access(probe.getsockname()[1], secrets.token_urlsafe(24))


def load(folder: Path) -> Access | None:
    try:
        return msgspec.json.decode((folder / "server.json").read_bytes(), type=Access)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def save(folder: Path, access: Access) -> None:
    """Whole or not at all, and never readable by others."""
    draft = folder / "server.json.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(encode(access))
    draft.replace(folder / "server.json")
