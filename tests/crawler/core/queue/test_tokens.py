"""Our tokens are streaq tasks: what the submit script writes is what streaq itself would."""

import json

from streaq import Worker

from crawler.core.queue import tokens


async def test_a_token_is_written_as_streaq_writes_its_tasks(queue, redis, valkey):
    def pairs(entries):
        return [fields.keys() for _, fields in entries]

    worker = Worker(valkey, queue_name=tokens.QUEUE, priorities=[tokens.PRIORITY], serializer=json.dumps)
    async with worker:
        await worker.enqueue_unsafe(tokens.TASK)
    [(_, theirs)] = await redis.xrange(tokens.STREAM)
    their_data = json.loads(await redis.get(tokens.TASK_KEY + theirs["task_id"]))
    their_keys = {key.replace(theirs["task_id"], "") async for key in redis.scan_iter("streaq:*")}
    await redis.flushdb()

    await queue.submit("products", "sofa")
    [(_, ours)] = await redis.xrange(tokens.STREAM)
    our_data = json.loads(await redis.get(tokens.TASK_KEY + ours["task_id"]))
    our_keys = {key.replace(ours["task_id"], "") async for key in redis.scan_iter("streaq:*")}

    assert our_keys == their_keys
    assert ours.keys() == theirs.keys()
    assert abs(int(ours["enqueue_time"]) - int(theirs["enqueue_time"])) < 10_000
    assert our_data.pop("t") == int(ours["enqueue_time"])
    their_data.pop("t")
    assert our_data == their_data
