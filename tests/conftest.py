import socket
from ipaddress import ip_address

import pytest

from crawler.demo import server
from tests.aside import aside


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
    with aside() as do:
        runners, ports = do(server.start(server.Clock(None)))
        yield ports
        for runner in runners:
            do(runner.cleanup())


@pytest.fixture
def demo(demo_ports):
    from tests.demo_world import control

    for port in demo_ports.values():
        control(port, tick=0, fault="none", times=0)  # another test's faults may be left
    return demo_ports
