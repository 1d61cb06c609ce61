"""`up` as a process of its own, over stand-ins that serve a port and drain as the real commands do."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
from redis import Redis, exceptions

from crawler.supervisor.address import address, free_port
from tests.demo_world import ROOT

pytestmark = pytest.mark.slow

DRIVER = """
import asyncio, sys
from crawler.cli import up as command
from crawler.supervisor import up
from crawler.supervisor.child import Spec
_, api, worker, grace_s = sys.argv
up.specs = lambda settings: [Spec("api", ("-c", api), 5.0), Spec("worker 1", ("-c", worker), float(grace_s))]
up.READY_S = 0.5
sys.argv = ["homefeed", "up"]
from crawler.cli import app
app()
"""
API = """
import os, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ready(BaseHTTPRequestHandler):
    times = 0
    def do_GET(self):
        Ready.times += 1
        self.send_response(200 if Ready.times > 8 else 503)
        self.end_headers()
        self.wfile.write(b'{"detail": "the store is away"}')
    def log_message(self, *args): pass
server = HTTPServer(("127.0.0.1", int(os.environ["HOMEFEED_PORT"])), Ready)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
"""
DRAINS = "import sys; sys.stdin.read()"
SLOW = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); sys.stdin.read(); time.sleep(0.8)"
HANGS = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def start(tmp_path):
    started = []

    def start(worker=DRAINS, api=API, grace_s=0.5, **more):
        env = os.environ | {"HOMEFEED_DATA_DIR": str(tmp_path), "HOMEFEED_PORT": "0"} | more
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, api, worker, str(grace_s)], cwd=ROOT, env=env, text=True,
            start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def ready(process):
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"homefeed is at (http://\S+)", line):
            return found[1], said
    raise AssertionError(said + process.stderr.readlines())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_in_order(start, tmp_path, number):
    process = start()
    url, said = ready(process)
    assert any("not ready: the store is away" in line for line in said)
    valkey = json.loads((tmp_path / "valkey/server.json").read_text())
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    with pytest.raises(exceptions.ConnectionError), Redis(port=valkey["port"], password=valkey["password"]) as redis:
        redis.ping()
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", int(url.rsplit(":", 1)[1].strip("/"))))


def test_the_exit_code_tells_of_one_that_had_to_be_killed(start):
    process = start(worker=HANGS)
    ready(process)
    process.terminate()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "worker 1" in errors
    assert "is killed" in errors


def test_a_signal_that_comes_twice_at_once_is_one(start):
    process = start(worker=SLOW, grace_s=10.0)
    ready(process)
    process.terminate()
    time.sleep(0.3)
    process.terminate()
    assert (process.wait(20), process.stderr.read()) == (0, "")


def test_an_impatient_second_signal_kills(start):
    process = start(worker=HANGS, grace_s=30.0)
    ready(process)
    process.terminate()
    time.sleep(1.2)
    process.terminate()
    assert process.wait(10) == 1


def test_a_second_one_is_refused_in_one_line(start):
    first = start()
    ready(first)
    second = start()
    _, errors = second.communicate(timeout=20)
    assert second.returncode == 1
    assert len(errors.splitlines()) == 1
    assert "already running on" in errors
    assert str(first.pid) in errors


def test_a_port_in_use_is_named_in_one_line(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(HOMEFEED_PORT=str(port))
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, len(errors.splitlines())) == (2, 1)
    assert f"HOMEFEED_PORT: {port} is in use" in errors


def test_a_wrong_setting_of_a_child_is_one_line_of_up(start):
    process = start(worker="import sys; sys.stderr.write('homefeed: HOMEFEED_CRONS: no\\n'); sys.exit(2)")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert errors.splitlines()[-1] == "homefeed: HOMEFEED_CRONS: no"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
        ("feed.test", "http://feed.test:80/"),
    ],
)
def test_address(host, shown):
    assert address(host, 80) == shown


def test_a_port_of_zero_is_any_free_one():
    assert free_port("127.0.0.1", 0) > 0
