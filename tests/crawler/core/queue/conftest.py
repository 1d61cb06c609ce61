import pytest
from redis.asyncio import Redis

from crawler.core.queue import Queue


@pytest.fixture
async def queue(valkey):
    queue = Queue(valkey, most=20)
    await queue.open()
    yield queue
    await queue.close()


@pytest.fixture
async def redis(valkey):
    async with Redis.from_url(valkey, decode_responses=True) as client:
        yield client


@pytest.fixture
def tokens(redis):
    """The ids of the tokens that stand in streaq's stream, oldest first."""

    async def read():
        return [fields["task_id"] for _, fields in await redis.xrange("streaq:homefeed:queues:normal")]

    return read
