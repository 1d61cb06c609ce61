from prometheus_client.parser import text_string_to_metric_families

from crawler.core import metrics
from crawler.core.models import Change, Design, License, Page, Product


def value(name, **labels):
    return metrics.REGISTRY.get_sample_value(f"homefeed_{name}", labels) or 0


def test_a_page_is_counted_by_verdict_readings_drops_and_candidates():
    product = Product(id="pear:1", retailer="pear", sku="1", url="https://oak.test/1")
    design = Design(id="elm:1", source="elm", url="https://elm.test/1", renditions=[], license=License("cc0-1.0"))
    metrics.page(Page("pear", "https://oak.test/", "ok", products=[product], designs=[design], dropped={"no_title": 3},
                      candidates=["pear:1"]))  # fmt: skip
    metrics.page(Page("pear", "https://oak.test/", "blocked"))
    assert value("pages_total", source="pear", verdict="ok") == 1
    assert value("pages_total", source="pear", verdict="blocked") == 1
    assert value("readings_total", source="pear") == 2
    assert value("dropped_total", source="pear", reason="no_title") == 3
    assert value("candidates_total", source="pear") == 1


def test_changes_are_counted_by_source_and_field():
    change = Change(id="1", product_id="oak:1", field="price", old="2", new="1", currency="INR", observed_at=1.0,
                    confirmed="repeat")  # fmt: skip
    before = value("changes_total", source="oak", field="price")
    metrics.relayed([change, change])
    assert value("changes_total", source="oak", field="price") == before + 2


def test_small_ones():
    metrics.away("redis")
    metrics.picture("elm", "gone")
    metrics.waited("oak.test", 1.5)
    assert value("away_total", service="redis") >= 1
    assert value("pictures_total", source="elm", outcome="gone") == 1
    assert value("pace_wait_seconds_sum", site="oak.test") == 1.5


def test_the_exposition_is_prometheus_text_and_names_no_other_program():
    names = {family.name for family in text_string_to_metric_families(metrics.exposition().decode())}
    assert {"homefeed_pages", "homefeed_pace_wait_seconds"} <= names
    assert all(name.startswith("homefeed_") for name in names)
