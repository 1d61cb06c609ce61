"""Published changes are true and real ones are published, whatever goes wrong between a shop and us: a slice of
bench/truth.py, with two retailers, the goods of the fixtures, and every fault."""

import logging
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.truth_world import timeline
from bench.truth_world.faults import table
from bench.truth_world.outcome import Outcome
from bench.truth_world.sequence import run_retailer
from crawler.core import config as configuration

RETAILERS = ("ikea", pytest.param("flipkart", marks=pytest.mark.long))
FAULTS = {fault.name: fault for fault in table(captures=False)}
GOODS = 4
LATEST = 4  # runs; a source that was held comes back after two clean ones


@cache
def outcomes(retailer: str) -> dict[str, Outcome]:
    with TemporaryDirectory() as folder:
        return run_retailer(retailer, False, list(FAULTS.values()), Path(folder), GOODS)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No picture or address is looked at, nobody is told of pages that were made to be wrong."""
    monkeypatch.setattr(configuration, "_preset", {"HOMEFEED_VERIFY": "false"})
    configuration.config.cache_clear()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    configuration.config.cache_clear()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("retailer", RETAILERS)
def test_what_is_told_is_true_and_what_is_true_is_told(retailer, fault):
    outcome = outcomes(retailer)[fault]
    assert list(outcome.said()) == []
    assert outcome.score.true >= len(outcome.score.told) > 0
    assert max(outcome.score.delays) <= LATEST


@pytest.mark.parametrize("retailer", RETAILERS)
def test_a_plain_tracker_is_wrong_on_the_same_pages(retailer):
    """Otherwise the pages would prove nothing."""
    rivals = [outcome.rival for outcome in outcomes(retailer).values()]
    assert sum(len(rival.false) for rival in rivals) > 2 * timeline.RUNS
