import socket

import pytest


def test_a_test_that_leaves_this_machine_fails():
    with socket.socket() as sock, pytest.raises(RuntimeError, match="leave this machine"):
        sock.connect(("192.0.2.1", 80))
