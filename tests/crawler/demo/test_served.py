"""The demo sites beside the process that crawls them."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
INTERRUPTED = """
import os, pathlib, signal, sys, time, urllib.request
from crawler.demo.__main__ import served
with served(pathlib.Path(sys.argv[1])) as ports:
    signal.signal(signal.SIGINT, lambda *_: None)
    os.killpg(0, signal.SIGINT)
    time.sleep(0.5)
    urllib.request.urlopen(f"http://127.0.0.1:{ports['alder']}/robots.txt", timeout=5).read()
"""


def test_ctrl_c_in_the_terminal_leaves_the_sites_to_the_crawl_that_closes(tmp_path):
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "clock.json")]
    done = subprocess.run(command, capture_output=True, text=True, start_new_session=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
