"""MongoDB-protocol servers that others wrote, started on a free port and stopped by their own process."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError


def nx_27017(port, folder):
    return [Path(sys.executable).parent / "nx-27017", "--port", str(port), "--data-dir", folder / "data",
            "--log-file", folder / "log", "--pid-file", folder / "pid"]  # fmt: skip


def ferretdb(binary):
    return lambda port, folder: [
        binary, "--handler=sqlite", f"--sqlite-url=file:{folder}/", f"--listen-addr=127.0.0.1:{port}",
        "--debug-addr=-", f"--state-dir={folder}", "--telemetry=disable", "--log-level=ERROR",
    ]  # fmt: skip


@contextmanager
def running(command, folder):
    """Address of the server that `command(port, folder)` starts."""
    port = free_port()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command(port, folder), stdout=output, stderr=output, cwd=folder)
    try:
        yield _answering(process, f"mongodb://127.0.0.1:{port}/", folder)
    finally:
        process.terminate()
        process.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answering(process, url, folder, patience=20.0):
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            with MongoClient(url, serverSelectionTimeoutMS=200) as client:
                client.admin.command("ping")
            return url
        except PyMongoError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} did not start: {(folder / 'output').read_text()[-2000:]}")
