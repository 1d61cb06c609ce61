import asyncio
import threading

import pytest

from crawler.demo import server


@pytest.fixture(scope="session")
def demo_ports():
    """Port by name of the demo sites, whose clock stands at 0 until a test sets it; on a loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runners, ports = asyncio.run_coroutine_threadsafe(server.start(server.Clock(None)), loop).result(20)
    yield ports
    for runner in runners:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def demo(demo_ports):
    from tests.demo_world import control

    for port in demo_ports.values():
        control(port, tick=0)
    return demo_ports
