import asyncio
import tracemalloc

from crawler.supervisor.words import BLOCK, Words


async def test_lines_are_passed_on_and_the_last_are_kept():
    said = []
    pipe = asyncio.StreamReader()
    words = Words(said.append)
    pipe.feed_data("".join(f"line {n}\r\n" for n in range(30)).encode() + b"\xff no end")
    pipe.feed_eof()
    await words.listen(pipe)
    assert said == [*(f"line {n}" for n in range(30)), "\N{REPLACEMENT CHARACTER} no end"]
    assert list(words.last) == said[-20:]


async def test_a_line_without_end_fills_no_memory():
    class Endless(asyncio.StreamReader):
        blocks = 300

        async def read(self, n=-1):
            self.blocks -= 1
            return b"x" * n if self.blocks else b""

    said = []
    tracemalloc.start()
    await Words(said.append).listen(Endless())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * BLOCK
    assert said == ["x" * 2_000]
