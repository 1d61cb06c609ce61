"""What waits for one client that does not keep up: bounded, and of each value only the newest when it gets long."""

from collections.abc import Sequence

from api.relay.messages import Message

MOST = 1_000


class Backlog:
    def __init__(self, most: int = MOST):
        self._most = most
        self._messages: list[Message] = []

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, messages: Sequence[Message]) -> bool:
        """False when it overflows even with only the newest of each value: the client must resume."""
        self._messages += messages
        if len(self._messages) > self._most:
            self._messages = _newest(self._messages)
        return len(self._messages) <= self._most

    def take(self) -> list[Message]:
        """All of it, oldest first; it is empty afterwards."""
        taken, self._messages = self._messages, []
        return taken


def _newest(messages: list[Message]) -> list[Message]:
    last = {m.key: n for n, m in enumerate(messages)}
    return [m for n, m in enumerate(messages) if m.key is None or last[m.key] == n]
