"""The supervisor over real processes that are small."""

import asyncio
import os
import signal

import pytest

from crawler.core.errors import ConfigError
from crawler.supervisor.child import PATIENCE
from tests.crawler.supervisor.conftest import DEAF, DRAINS

pytestmark = pytest.mark.slow

DIES = "import sys; open(sys.argv[1], 'a').write('start\\n'); sys.exit('out of luck')"
WRONG = "import sys; sys.stderr.write('more\\nhomefeed: HOMEFEED_CRONS: five fields\\n'); sys.exit(2)"
WRONG_LATER = """
import sys
with open(sys.argv[1], 'a+') as log:
    log.seek(0)
    times = len(log.readlines())
    log.write('start\\n')
if times == 0:
    sys.stdin.read(1)
sys.stderr.write('homefeed: HOMEFEED_CRONS: five fields\\n')
sys.exit(2)
"""
STUBBORN = DEAF + "time.sleep(60)"
ENDS_IN_ORDER = DEAF + "sys.stdin.read(); time.sleep(0.1); open(sys.argv[1], 'a').write(str(time.time()))"
TERMINATES = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], 'a').write('end\\n')
    sys.exit()
signal.signal(signal.SIGTERM, end)
open(sys.argv[1], 'a').write('start\\n')
time.sleep(60)
"""
TALKS = DEAF + "sys.stderr.write('x' * 300_000 + '\\nshort\\nno end'); sys.stderr.flush(); sys.stdin.read()"


def pids(group):
    return {child.spec.name: child.pid for child in group.children}


async def test_children_start_and_drain_when_told(stage):
    group = stage.play(api=DRAINS, worker_1=DRAINS)
    await stage.until(lambda: stage.lines("api") == stage.lines("worker_1") == ["start"])
    await stage.finish()
    assert stage.lines("api") == stage.lines("worker_1") == ["start", "end"]
    assert (group.killed, set(pids(group).values())) == ([], {None})


async def test_a_child_is_told_by_signal_too(stage):
    group = stage.play(worker_1=TERMINATES)
    await stage.until(lambda: stage.lines("worker_1") == ["start"])
    await stage.finish()
    assert stage.lines("worker_1") == ["start", "end"]
    assert group.killed == []


async def test_a_killed_child_comes_back(stage):
    group = stage.play(worker_1=DRAINS)
    await stage.until(lambda: stage.lines("worker_1") == ["start"])
    first = group.children[0].pid
    os.kill(first, signal.SIGKILL)
    await stage.until(lambda: stage.lines("worker_1") == ["start", "start"])
    assert group.children[0].pid not in (first, None)
    assert any("signal 9" in line for _, line in stage.said)


async def test_one_that_dies_leaves_the_others_alone(stage):
    stage.play(api=DRAINS, worker_1=DIES)
    await stage.until(lambda: len(stage.lines("worker_1")) >= 4)
    assert stage.lines("api") == ["start"]
    assert ("worker 1", "out of luck") in stage.said


async def test_a_wrong_setting_ends_all_with_its_words(stage):
    stage.play(api=DRAINS, scheduler=WRONG)
    with pytest.raises(ConfigError, match="HOMEFEED_CRONS: five fields") as caught:
        await asyncio.wait_for(stage.running, 20)
    assert caught.value.field == "HOMEFEED_CRONS"
    assert stage.lines("api") in ([], ["start", "end"])


async def test_one_that_did_work_may_be_wrong_a_few_times(stage):
    """A wrong setting of one that worked is rather a passing fault than the operator's."""
    group = stage.play(scheduler=WRONG_LATER)
    group.children[0].backoff.young_s = 0.0
    await stage.until(lambda: stage.lines("scheduler") == ["start"])
    os.kill(group.children[0].pid, signal.SIGKILL)
    with pytest.raises(ConfigError):
        await asyncio.wait_for(stage.running, 20)
    assert len(stage.lines("scheduler")) == 1 + PATIENCE


async def test_the_stubborn_are_killed_and_named(stage):
    group = stage.play(grace_s=0.2, worker_1=STUBBORN, worker_2=DRAINS)
    await stage.until(lambda: stage.lines("worker_1") == ["start"])
    await stage.until(lambda: stage.lines("worker_2") == ["start"])
    pid = group.children[0].pid
    await stage.finish()
    assert group.killed == ["worker 1"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_order_of_the_end(stage):
    stage.play(api=ENDS_IN_ORDER, scheduler=ENDS_IN_ORDER, worker_1=ENDS_IN_ORDER, worker_2=ENDS_IN_ORDER)
    names = ("api", "scheduler", "worker_1", "worker_2")
    await stage.until(lambda: all(stage.lines(name) == ["start"] for name in names))
    await stage.finish()
    ends = [float(stage.lines(name)[1]) for name in names]
    assert ends[0] < ends[1] < min(ends[2:])
    assert abs(ends[2] - ends[3]) < 5


async def test_a_child_may_say_as_much_as_it_likes(stage):
    stage.play(api=TALKS)
    await stage.until(lambda: ("api", "short") in stage.said)
    assert max(len(line) for _, line in stage.said) <= 2_000
    await stage.finish()
    assert ("api", "no end") in stage.said


async def test_told_to_stop_while_it_waits_to_start_again(stage):
    group = stage.play(worker_1=DIES)
    group.children[0].backoff.first_s = group.children[0].backoff.most_s = 60.0
    await stage.until(lambda: any("starts again" in line for _, line in stage.said))
    await stage.finish()
    assert stage.lines("worker_1") == ["start"]


async def test_killed_in_the_middle_of_the_end_nothing_starts_again(stage):
    group = stage.play(grace_s=60.0, api=STUBBORN, worker_1=STUBBORN)
    await stage.until(lambda: stage.lines("api") == stage.lines("worker_1") == ["start"])
    stage.stop.set()
    await asyncio.sleep(0.1)
    group.kill()
    await asyncio.wait_for(stage.running, 10)
    assert group.killed == ["api", "worker 1"]
    assert stage.lines("worker_1") == ["start"]
    assert not any("starts again" in line for _, line in stage.said)
