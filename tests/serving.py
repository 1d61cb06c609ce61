"""The demo as a person starts it: a process with an address, its processes counted by the data folder they serve."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from tests.demo_world import ROOT

START_S = 90.0
GONE_S = 30.0


class Demo:
    """`python -m crawler.demo` on `data_dir`; `lines` is what it has said."""

    module: tuple[str, ...] = ("crawler.demo",)

    def __init__(self, data_dir: Path, port: int = 0, **environ: str):
        self.data_dir = data_dir
        env = os.environ | environ | {"HOMEFEED_DATA_DIR": str(data_dir), "HOMEFEED_PORT": str(port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.module], cwd=ROOT, env=env, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def said(self, pattern: str, within: float = START_S) -> re.Match[str]:
        """Wait for a line like this."""
        until = time.monotonic() + within
        while time.monotonic() < until and self._reader.is_alive():
            if found := self._find(pattern):
                return found
            time.sleep(0.02)
        found = self._find(pattern)
        assert found, f"{pattern!r} was not said:\n{''.join(self.lines)}"
        return found

    @property
    def url(self) -> str:
        return self.said(r"homefeed is at (http://\S+/) ")[1]

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def ports(self) -> dict[str, int]:
        """Of the demo's sites."""
        return json.loads((self.data_dir / "demo/clock.json").read_text())["ports"]

    def end(self, number: int = signal.SIGINT) -> int:
        """Its exit code, after this signal to the parent alone."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(90)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)

    def _find(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern, "".join(self.lines))


def processes(data_dir: Path) -> list[str]:
    """Command lines of all that serve this data folder, whoever their parent is."""
    mark, found = f"HOMEFEED_DATA_DIR={data_dir}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(entry.startswith(mark) for entry in (folder / "environ").read_bytes().split(b"\0")):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # gone meanwhile
    return found


def none_left(data_dir: Path) -> None:
    until = time.monotonic() + GONE_S
    while (left := processes(data_dir)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []
