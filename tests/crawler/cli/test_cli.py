"""`homefeed doctor` and `homefeed sources`."""

import json
import subprocess
import sys

import pytest

from crawler.cli.doctor import without_secrets
from tests.demo_world import ROOT, environ

pytestmark = pytest.mark.slow


def homefeed(*args, env):
    command = [sys.executable, "-c", "from crawler.cli import app; app()", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_doctor_finds_the_defaults_well(tmp_path):
    done = homefeed("doctor", "--json", env=environ({}, tmp_path))
    states = {f["name"]: f["state"] for f in json.loads(done.stdout)}
    assert done.returncode == 0
    assert (states["store"], states["redis"], states["python"]) == ("ok", "ok", "ok")


def test_doctor_names_what_is_broken(tmp_path):
    env = environ({}, tmp_path, HOMEFEED_REDIS_URL="redis://:secret@127.0.0.1:1/0")
    done = homefeed("doctor", "--json", env=env)
    assert done.returncode == 1
    assert {f["name"]: f["state"] for f in json.loads(done.stdout)}["redis"] == "broken"
    assert "secret" not in done.stdout + done.stderr


def test_a_bad_setting_is_one_line(tmp_path):
    done = homefeed("doctor", env=environ({}, tmp_path, HOMEFEED_PORT="much"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "HOMEFEED_PORT" in done.stderr


def test_sources_lists_routes_and_robots(tmp_path):
    done = homefeed("sources", "--json", env=environ({}, tmp_path, HOMEFEED_ROBOTS_IGNORE="flipkart"))
    found = {s["name"]: s for s in json.loads(done.stdout)}
    assert found["flipkart"]["robots"] == "ignored"
    assert found["ikea"]["robots"] == "obeyed"
    assert (found["openverse"]["kind"], found["ikea"]["kind"]) == ("designs", "products")
    assert found["ikea"]["status"] == "never run"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mongodb://u:p@h:1/d", "mongodb://***@h:1/d"),
        ("redis://:p@h:1", "redis://***@h:1"),
        ("sqlite:///x", "sqlite:///x"),
    ],
)
def test_secrets_are_not_shown(url, shown):
    assert without_secrets(url) == shown
