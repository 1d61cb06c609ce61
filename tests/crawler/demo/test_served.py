"""The demo sites beside the process that crawls them."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
INTERRUPTED = """
import os, pathlib, signal, sys, time, urllib.request
from crawler.demo.sites import served
from crawler.supervisor.leftovers import sole_parent
folder = pathlib.Path(sys.argv[1])
with sole_parent(folder) as locks, served(folder / "clock.json", locks) as ports:
    signal.signal(signal.SIGINT, lambda *_: None)
    os.killpg(0, signal.SIGINT)
    time.sleep(0.5)
    urllib.request.urlopen(f"http://127.0.0.1:{ports['alder']}/robots.txt", timeout=5).read()
"""


def test_ctrl_c_in_the_terminal_leaves_the_sites_to_the_crawl_that_closes(tmp_path):
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, start_new_session=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


SERVED = """
import json, pathlib, sys
from crawler.demo.sites import served
from crawler.supervisor.leftovers import sole_parent
folder = pathlib.Path(sys.argv[1])
with sole_parent(folder) as locks, served(folder / "clock.json", locks) as ports:
    print(json.dumps(ports), flush=True)
    sys.stdin.read()
"""


def test_sites_keep_their_addresses_after_a_killed_parent(tmp_path):
    ports = []
    for _ in range(3):
        command = [sys.executable, "-c", SERVED, str(tmp_path)]
        parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ports.append(json.loads(parent.stdout.readline()))
        parent.kill()
        parent.communicate()
    assert ports[0] == ports[1] == ports[2]
    assert json.loads((tmp_path / "clock.json").read_text())["tick"] == 2
