"""One parent per data folder, and the next start after a killed one."""

import os
import signal
import subprocess

import pytest

from crawler.core.errors import HomefeedError
from crawler.supervisor import leftovers
from tests.crawler.supervisor.conftest import python

pytestmark = pytest.mark.slow

PARENT = """
import asyncio, pathlib, sys
from crawler.supervisor.child import Spec
from crawler.supervisor.group import Supervisor
from crawler.supervisor.leftovers import sole_parent
with sole_parent(pathlib.Path(sys.argv[1])) as folder:
    specs = [Spec(name, ("-c", sys.argv[2]), 5.0) for name in ("api", "worker 1")]
    asyncio.run(Supervisor(specs, folder, lambda who, line: print(line, flush=True)).run(asyncio.Event()))
"""
DRAINS = "import os, sys; sys.stderr.write(f'{os.getpid()}\\n'); sys.stdin.read()"
HANGS = "import os, sys, time; sys.stderr.write(f'{os.getpid()}\\n'); time.sleep(60)"


@pytest.fixture
def parent(tmp_path):
    """Starts a parent with two children of this program: (process, the children's pids)."""
    started = []

    def start(program):
        process = subprocess.Popen(python(PARENT, tmp_path, program), stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process, [int(process.stdout.readline()) for _ in range(2)]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_second_parent_is_told_of_the_first(parent, tmp_path):
    process, _ = parent(DRAINS)
    with pytest.raises(HomefeedError, match=f"already running.*pid {process.pid}"), leftovers.sole_parent(tmp_path):
        pass


def test_the_place_is_free_again(tmp_path):
    for _ in range(2):
        with leftovers.sole_parent(tmp_path) as folder:
            assert folder == tmp_path / "up"


def test_a_killed_parent_leaves_nothing_and_the_next_start_is_clean(parent, tmp_path):
    process, pids = parent(DRAINS)
    assert all(map(alive, pids))
    process.kill()
    process.wait()
    with leftovers.sole_parent(tmp_path):
        assert not any(map(alive, pids))


def test_children_that_ignore_the_end_of_their_parent_are_killed(parent, tmp_path):
    process, pids = parent(HANGS)
    process.kill()
    process.wait()
    with leftovers.sole_parent(tmp_path, 0.2):
        assert not any(map(alive, pids))


def test_nobody_is_killed_for_a_number_in_a_file(tmp_path):
    """The pid of a child that is long gone may belong to a stranger by now."""
    stranger = subprocess.Popen(python("import sys; sys.stdin.read()"), stdin=subprocess.PIPE)
    with leftovers.sole_parent(tmp_path) as folder:
        fd = leftovers.open_child(folder, "api")
        leftovers.note_pid(fd, stranger.pid)
        os.close(fd)
    with leftovers.sole_parent(tmp_path, 0.2):
        pass
    assert stranger.poll() is None
    stranger.communicate(b"")


def test_one_that_left_no_pid_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "KILLED_S", 0.1)
    with leftovers.sole_parent(tmp_path) as folder:
        fd = leftovers.open_child(folder, "api")
    with pytest.raises(HomefeedError, match="still holds a lock"), leftovers.sole_parent(tmp_path, 0.1):
        pass
    os.close(fd)


def test_a_dead_parent_is_no_obstacle(parent, tmp_path):
    process, _ = parent(DRAINS)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with leftovers.sole_parent(tmp_path):
        pass
