"""The circuit of a site: the same policy alone and over Redis, one probe over all processes."""

import asyncio
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from crawler.core import metrics
from crawler.core.breaker import Breaker, State, Terms, lua
from crawler.core.breaker.breaker import FRESH_S, MOST
from crawler.core.breaker.circuit import PROBE_S, Circuit
from crawler.core.errors import BusAway, CircuitOpen
from tests.crawler.core.test_limits import redis_at

SITE = "oak.test"
TERMS = Terms(open_s=60.0)


def opened(now=0.0):
    circuit = Circuit(TERMS)
    for n in range(5):
        assert circuit.failed(f"r{n}", "status 503", now) == (n == 4)
    return circuit


def test_five_failures_in_a_row_open_it_for_a_minute():
    circuit = opened()
    assert circuit.admit("x", 0.0) == State("open", 60.0, 5, "status 503")
    assert circuit.admit("x", 59.9).state == "open"
    assert circuit.admit("x", 60.0) == State("half_open", 0.0, 5, "status 503")


def test_a_success_between_begins_the_row_anew():
    circuit = Circuit(TERMS)
    for n in range(20):
        circuit.failed("x", "status 503", n)
        if n % 4 == 3:
            circuit.succeeded("x")
    assert circuit.admit("x", 20).state == "closed"


def test_one_probe_goes_and_its_success_closes():
    circuit = opened()
    assert circuit.admit("probe", 61).seconds == 0
    assert circuit.admit("other", 62).seconds == PROBE_S - 1
    assert circuit.admit("probe", 62).seconds == 0  # a retry of it
    assert not circuit.succeeded("other")
    assert circuit.succeeded("probe")
    assert circuit.admit("other", 62).state == "closed"


def test_each_failing_probe_doubles_the_time_up_to_a_bound():
    circuit, now, times = opened(), 0.0, []
    for n in range(6):
        now = circuit.till
        assert circuit.admit(f"p{n}", now).seconds == 0
        assert circuit.failed(f"p{n}", "status 503", now)
        times.append(circuit.till - now)
    assert times == [120, 240, 480, 600, 600, 600]


def test_a_probe_that_dies_or_learns_nothing_makes_way_for_another():
    circuit = opened()
    circuit.admit("dead", 61)
    assert circuit.admit("next", 61 + PROBE_S).seconds == 0
    circuit.withdrew("dead")  # too late: it is the next one's turn
    assert circuit.admit("third", 62 + PROBE_S).seconds > 0
    circuit.withdrew("next")
    assert circuit.admit("third", 62 + PROBE_S).seconds == 0


def test_what_was_sent_before_it_opened_does_not_keep_it_open_longer():
    circuit = opened()
    assert not circuit.failed("late", "status 503", 30)
    assert not circuit.succeeded("late")
    assert circuit.admit("x", 59) == State("open", 1.0, 5, "status 503")


# on a real Valkey


@pytest.fixture
async def breakers(valkey):
    """Three workers, each with its own connection."""
    clients = [redis_at(valkey) for _ in range(3)]
    breakers = [Breaker(client, TERMS) for client in clients]
    yield breakers
    for breaker, client in zip(breakers, clients, strict=True):
        await breaker.close()
        await client.close()


@pytest.fixture
async def redis(valkey):
    async with Redis.from_url(valkey, decode_responses=True) as client:
        yield client


async def passed(redis, seconds):
    """So much time has passed for the site's circuit."""
    for name in ("till", "probe_till"):
        if await redis.hexists(lua.key(SITE), name):
            await redis.hincrby(lua.key(SITE), name, -round(seconds * 1e6))


TOKENS = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("failed"), TOKENS),
        st.tuples(st.just("failed"), TOKENS),
        st.tuples(st.just("succeeded"), TOKENS),
        st.tuples(st.just("admit"), st.sampled_from(["a", "b", "c", ""])),
        st.tuples(st.just("withdrew"), TOKENS),
        st.tuples(st.just("passed"), st.sampled_from([30, 61, 130, 700])),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_law_redis_keeps_the_same_circuit_as_the_pure_one(valkey, steps):
    terms, client = Terms(60.0, failures=2), redis_at(valkey)
    breaker, circuit, now = Breaker(client, terms), Circuit(terms), 0.0
    async with Redis.from_url(valkey, decode_responses=True) as redis:
        await redis.flushall()
        for step, what in steps:
            if step == "passed":
                now += what
                await passed(redis, what)
            elif step == "admit":
                [state] = await breaker._look([SITE], what)
                mine = circuit.admit(what, now)
                assert (state.state, state.failures, state.reason) == (mine.state, mine.failures, mine.reason)
                assert state.seconds == pytest.approx(mine.seconds, abs=5)
                assert (state.seconds > 0) == (mine.seconds > 0)
            elif step == "failed":
                await breaker.failed(SITE, what, f"by {what}")
                circuit.failed(what, f"by {what}", now)
            else:
                await getattr(breaker, step)(SITE, what)
                await breaker.close()
                getattr(circuit, step)(what)
    await client.close()


async def test_failures_of_all_workers_count_and_all_are_refused(breakers):
    for n in range(5):
        assert not await breakers[n % 3].admit(SITE, f"r{n}")
        await breakers[n % 3].failed(SITE, f"r{n}", "status 503")
    for breaker in breakers:
        with pytest.raises(CircuitOpen, match=r"circuit open for (60|59) s after 5 failures: status 503"):
            await breaker.admit(SITE, "x")
        with pytest.raises(CircuitOpen):
            breaker.check(SITE)
        assert not await breaker.admit("elm.test", "x")
    assert metrics.REGISTRY.get_sample_value("homefeed_circuit_state", {"site": SITE}) == 2


async def test_exactly_one_of_many_is_the_probe(breakers, redis):
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    await passed(redis, 61)
    asked = [breakers[n % 3].admit(SITE, f"p{n}") for n in range(30)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    [probe] = [n for n, answer in enumerate(answers) if answer is True]
    assert sum(isinstance(answer, CircuitOpen) for answer in answers) == 29
    await breakers[probe % 3].succeeded(SITE, f"p{probe}")
    assert [await breaker.admit(SITE, "x") for breaker in breakers] == [False] * 3
    for breaker in breakers:
        breaker.check(SITE)
    assert metrics.REGISTRY.get_sample_value("homefeed_circuit_state", {"site": SITE}) == 0


async def test_each_failing_probe_doubles_the_time_over_redis_too(breakers, redis):
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    for n, seconds in enumerate((120, 240, 480, 600, 600)):
        await passed(redis, 601)
        assert await breakers[n % 3].admit(SITE, f"p{n}")
        await breakers[n % 3].failed(SITE, f"p{n}", "status 500")
        assert (await breakers[0].states([SITE]))[SITE].seconds == pytest.approx(seconds, abs=5)


async def test_who_only_asks_is_never_the_probe(breakers, redis):
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    with pytest.raises(CircuitOpen):
        await breakers[1].admit(SITE, "")
    await passed(redis, 61)
    assert not await breakers[1].admit(SITE, "")
    assert await breakers[2].admit(SITE, "probe")


async def test_without_redis_the_states_are_its_own_and_with_a_dead_one_nobody_knows():
    alone, cut_off = Breaker(None, TERMS), Breaker(redis_at("redis://127.0.0.1:1"), TERMS)
    for n in range(5):
        await alone.failed(SITE, f"r{n}", "status 503")
    assert (await alone.states([SITE]))[SITE].state == "open"
    with pytest.raises(BusAway):
        await cut_off.states([SITE])


async def test_states_are_told_for_many_sites(breakers, redis):
    assert await breakers[0].states([]) == {}
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    await breakers[0].failed("elm.test", "x", "status 500")
    told = await breakers[1].states([SITE, "elm.test", "ash.test"])
    assert told[SITE].state == "open"
    assert told[SITE].seconds == pytest.approx(60, abs=5)
    assert told["elm.test"] == State("closed", 0.0, 1, "status 500")
    assert told["ash.test"] == State()
    await passed(redis, 61)
    assert (await breakers[1].states([SITE]))[SITE] == State("half_open", 0.0, 5, "status 503")
    assert await breakers[2].admit(SITE, "probe")  # being told takes no probe


async def test_successes_of_a_well_site_are_reported_once_for_many(breakers, redis):
    await breakers[0].failed(SITE, "x", "status 503")
    for n in range(50):
        await breakers[0].succeeded(SITE, f"r{n}")
    assert len(breakers[0]._reports) == 1
    await breakers[0].close()
    assert await redis.exists(lua.key(SITE)) == 0


async def test_a_success_is_told_where_another_worker_failed_before_and_nowhere_else(breakers, redis):
    breakers[0]._clock = lambda: now[0]
    now = [0.0]
    assert not await breakers[0].admit(SITE, "early")
    await breakers[1].failed(SITE, "x", "status 503")
    await breakers[0].succeeded(SITE, "early")  # it began before that failure
    assert not breakers[0]._reports
    now[0] = 2 * FRESH_S
    assert not await breakers[0].admit(SITE, "late")
    await breakers[0].succeeded(SITE, "late")
    await breakers[0].close()
    assert await redis.exists(lua.key(SITE)) == 0


async def test_a_sound_circuit_is_believed_for_a_moment(breakers):
    now = [0.0]
    breakers[0]._clock = lambda: now[0]
    assert not await breakers[0].admit(SITE, "a")
    for n in range(5):
        await breakers[1].failed(SITE, f"r{n}", "status 503")
    assert not await breakers[0].admit(SITE, "b")
    now[0] = 2 * FRESH_S
    with pytest.raises(CircuitOpen):
        await breakers[0].admit(SITE, "c")


async def test_its_own_failures_a_process_knows_at_once(breakers):
    assert not await breakers[0].admit(SITE, "a")
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    with pytest.raises(CircuitOpen):
        await breakers[0].admit(SITE, "b")


async def test_an_answer_that_failures_overtook_is_not_believed(breakers):
    run, answered, arrives = breakers[0]._redis.run, asyncio.Event(), asyncio.Event()

    async def late(script, keys, args):
        reply = await run(script, keys, args)
        if asyncio.current_task() is breakers[0]._looks.get(SITE):
            answered.set()
            await arrives.wait()
        return reply

    breakers[0]._redis.run = late
    asking = asyncio.ensure_future(breakers[0].admit(SITE, "a"))
    await answered.wait()
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    arrives.set()
    with pytest.raises(CircuitOpen):
        await asking
    with pytest.raises(CircuitOpen):
        breakers[0].check(SITE)


async def test_the_probe_is_heard_also_when_redis_went_and_came_meanwhile(breakers, redis):
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
    await passed(redis, 61)
    assert await breakers[0].admit(SITE, "probe")
    breakers[0]._redis._alone_till = math.inf
    assert not await breakers[0].admit(SITE, "alone")
    breakers[0]._redis._alone_till = -math.inf
    await breakers[0].succeeded(SITE, "probe", probe=True)
    assert await redis.exists(lua.key(SITE)) == 0


async def test_what_is_known_of_a_site_is_forgotten(breakers, redis):
    for n in range(5):
        await breakers[0].failed(SITE, f"r{n}", "status 503")
        assert 0 < await redis.ttl(lua.key(SITE)) <= lua.KEPT_S + 60


async def test_without_redis_each_worker_keeps_its_own():
    now = [0.0]
    breaker = Breaker(None, TERMS, lambda: now[0])
    for n in range(5):
        assert not await breaker.admit(SITE, f"r{n}")
        await breaker.failed(SITE, f"r{n}", "status 503")
    with pytest.raises(CircuitOpen):
        await breaker.admit(SITE, "x")
    now[0] = 61.0
    assert await breaker.admit(SITE, "probe")
    await breaker.withdrew(SITE, "probe")
    assert await breaker.admit(SITE, "second")
    await breaker.succeeded(SITE, "second")
    assert not await breaker.admit(SITE, "x")


async def test_what_is_remembered_of_sites_is_bounded():
    now = [0.0]
    breaker = Breaker(None, Terms(60.0, failures=1), lambda: now[0])
    for n in range(3 * MOST):
        now[0] += 1.0
        await breaker.failed(f"{n}.test", "r", "status 503")
    assert len(breaker._told) <= MOST
    with pytest.raises(CircuitOpen):
        breaker.check(f"{3 * MOST - 1}.test")
