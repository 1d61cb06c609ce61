import asyncio
import socket
import threading
from ipaddress import ip_address

import pytest

from crawler.demo import server


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Tests stay on this machine; one that would leave it fails and says where it wanted to go."""
    connect = socket.socket.connect

    def stay(self, address):
        if isinstance(address, tuple) and address[0] != "localhost" and not ip_address(address[0]).is_loopback:
            raise RuntimeError(f"a test wants to leave this machine: {address}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", stay)
        yield


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
        control(port, tick=0, fault="none", times=0)  # another test's faults may be left
    return demo_ports
