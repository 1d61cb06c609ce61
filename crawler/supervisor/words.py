"""What a child writes to its standard error."""

import asyncio
from collections import deque
from collections.abc import Callable

LINE = 2_000  # bytes of a line that are passed on
BLOCK = 65_536


class Words:
    """Passes each line on to `say` and keeps the `last` twenty."""

    def __init__(self, say: Callable[[str], None]):
        self.last: deque[str] = deque(maxlen=20)
        self._say = say

    async def listen(self, pipe: asyncio.StreamReader | None) -> None:
        """Until the pipe closes; a line may have any length, so that no child ever waits for its reader."""
        assert pipe
        rest = b""
        while block := await pipe.read(BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._pass_on(line)
            rest = rest[:LINE]
        if rest:
            self._pass_on(rest)

    def _pass_on(self, line: bytes) -> None:
        text = line[:LINE].decode(errors="replace").rstrip()
        self.last.append(text)
        self._say(text)
