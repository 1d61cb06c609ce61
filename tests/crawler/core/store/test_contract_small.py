"""Small documents listed, counted and deleted, and how many runs are kept, whichever database is behind it."""

import pytest

from crawler.core.store import RUNS_KEPT, SourceRun

from .conftest import BACKENDS

pytestmark = pytest.mark.parametrize("backend", BACKENDS)


async def listed(store, *args, **kwargs):
    return [key for key, _ in await store.list("watch", *args, **kwargs)]


async def fill(store, *keys):
    for number, key in enumerate(keys):
        await store.put("watch", key, number)


async def test_by_key_with_their_values(store):
    await fill(store, "b/2", "a/1", "b/1")
    await store.put("other", "b/3", "of another kind")
    assert await store.list("watch") == [("a/1", 1), ("b/1", 2), ("b/2", 0)]
    assert await store.list("none") == []


async def test_only_keys_with_the_prefix(store):
    await fill(store, "a/1", "a", "ab/1", "a/", "b/1", "A/1", "a/~", "a/é", "a/🛋")
    assert await listed(store, "a/") == ["a/", "a/1", "a/~", "a/é", "a/🛋"]
    assert await listed(store, "%") == [] == await listed(store, "a_")


async def test_pages_hold_every_key_once_whatever_its_characters(store):
    keys = ['it"s', "it's", "a b", "a", "a\\", "a\n", "%", "_", "é", "ß", "माप", "🛋", "￿", "Z", "z", "$x.y"]
    await fill(store, *keys)
    pages, after = [], ""
    while page := await listed(store, after=after, limit=3):
        pages, after = pages + page, page[-1]
    assert pages == sorted(keys)


async def test_after_is_not_in_the_page_and_need_not_exist(store):
    await fill(store, "a/1", "a/3", "b/1")
    assert await listed(store, "a/", after="a/1") == ["a/3"] == await listed(store, "a/", after="a/2")
    assert await listed(store, "a/", after="b/0") == []
    assert await listed(store, "b/", after="a/9") == ["b/1"]


async def test_what_is_past_its_time_is_not_there(store):
    now = 1000.0
    store._clock = lambda: now
    await store.put("watch", "short", 1, ttl=10)
    await store.put("watch", "long", 2, ttl=20)
    await store.put("watch", "ever", 3)
    now = 1010.0
    assert await listed(store, limit=2) == ["ever", "long"]
    assert await store.count("watch") == 2
    assert await store.delete("watch", "short") is False


async def test_count(store):
    await fill(store, "a/1", "a/2", "b/1")
    assert [await store.count(*asked) for asked in (("watch",), ("watch", "a/"), ("watch", "c"), ("other",))] == [
        3, 2, 0, 0,
    ]  # fmt: skip


async def test_deleted_once(store):
    await fill(store, "a/1", "a/2")
    assert [await store.delete("watch", "a/1") for _ in range(2)] == [True, False]
    assert await store.delete("other", "a/2") is False
    assert await listed(store) == ["a/2"]
    assert await store.get("watch", "a/1") is None


async def test_a_deleted_key_can_be_used_again(store):
    await fill(store, "a/1")
    await store.delete("watch", "a/1")
    await store.put("watch", "a/1", "again")
    assert await store.list("watch") == [("a/1", "again")]


async def test_the_newest_runs_of_each_source_are_kept(store, monkeypatch):
    kept = 3
    assert RUNS_KEPT == 500
    for module in ("sqlite_small", "mongo"):
        monkeypatch.setattr(f"crawler.core.store.{module}.RUNS_KEPT", kept)
    await store.add_run(SourceRun("elm", 0.0, 0.5, "ok"))
    for at in (1.0, 5.0, 3.0, 4.0, 2.0):
        await store.add_run(SourceRun("oak", 0.0, at, "ok"))
    assert [run.finished_at for run in await store.runs("oak")] == [5.0, 4.0, 3.0]
    assert len(await store.runs("elm")) == 1
