"""One reader of settings: environment over .env, and errors that name the variable."""

import pytest

from crawler.core.config import load
from crawler.core.errors import ConfigError


def test_defaults(tmp_path):
    config = load({}, tmp_path / "none")
    assert config.store == "sqlite:///.homefeed/homefeed.db"
    assert (config.pace, config.currency, config.port) == (2.0, "INR", 8000)


def test_environment_goes_before_the_file(tmp_path):
    (tmp_path / ".env").write_text("HOMEFEED_PORT=9000\nHOMEFEED_CURRENCY=EUR\nPEXELS_API_KEY=secret\n")
    config = load({"HOMEFEED_PORT": "9001"}, tmp_path / ".env")
    assert (config.port, config.currency, config.api_key("pexels")) == (9001, "EUR", "secret")


def test_an_empty_value_is_the_default(tmp_path):
    assert load({"HOMEFEED_PORT": ""}, tmp_path / "none").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "no"), ("PORT", "70000"), ("CURRENCY", "rupees"), ("PACE", "-1"), ("STORE_URL", "mysql://x"),
     ("REDIS_URL", "http://x"), ("REDIS_URL", "redis://x:y"), ("USER_AGENTS", "lie"), ("CONCURRENCY", "0")],
)  # fmt: skip
def test_a_bad_value_names_its_variable(tmp_path, name, value):
    with pytest.raises(ConfigError) as error:
        load({f"HOMEFEED_{name}": value}, tmp_path / "none")
    assert error.value.field == f"HOMEFEED_{name}"


def test_per_spider_settings(tmp_path):
    config = load({"HOMEFEED_IKEA_BASE_URL": "http://127.0.0.1:1", "HOMEFEED_PROXIES": " a:1, ,b:2"}, tmp_path / "none")
    assert config.base_url("ikea") == "http://127.0.0.1:1"
    assert config.base_url("flipkart") is None
    assert config.names("proxies") == ["a:1", "b:2"]


def test_secrets_do_not_show_in_its_repr(tmp_path):
    assert "secret" not in repr(load({"PEXELS_API_KEY": "secret"}, tmp_path / "none"))


def test_a_password_that_breaks_its_url_is_not_repeated(tmp_path):
    with pytest.raises(ConfigError) as raised:
        load({"HOMEFEED_REDIS_URL": "redis://:hush/hush@127.0.0.1:6379/0"}, tmp_path / "none")
    assert "hush" not in str(raised.value)
