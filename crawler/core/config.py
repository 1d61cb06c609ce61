"""The only reader of the environment and of `.env`. Every setting, its default and what is wrong with a bad one."""

import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from crawler.core.errors import ConfigError
from crawler.core.proxies.listed import listed

PREFIX = "HOMEFEED_"
WAYS = ("direct", "proxy", "browser")


class Config(BaseModel):
    """One field per `HOMEFEED_<NAME>` variable; `.env.example` describes each."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    data_dir: Path = Path(".homefeed")
    store_url: str = Field("", repr=False)
    redis_url: str = Field("", repr=False)
    api_keys: str = Field("", repr=False)
    origins: str = ""
    hosts: str = ""
    guard_allow: str = ""
    robots_ignore: str = ""
    currency: str = Field("INR", pattern="^[A-Z]{3}$")
    location: str = ""
    contact: str = ""
    user_agents: str = Field("honest", pattern="^(honest|rotate)$")
    proxies: str = Field("", repr=False)
    proxy_fallback: str = Field("direct", pattern="^(direct|none)$")
    ways: str = "direct,proxy,browser"
    browser: str = "auto"
    pace: float = Field(2.0, ge=0, le=3600)
    concurrency: int = Field(3, ge=1, le=256)
    retry_s: float = Field(2.0, ge=0, le=60)
    breaker_s: float = Field(60.0, ge=0, le=3600)
    verify: bool = True
    checks: int = Field(4, ge=0, le=100)
    details: int = Field(3, ge=0, le=100)
    spiders: str = "crawler.spiders.retailers,crawler.spiders.images"
    extra_spiders: str = ""
    workers: int = Field(1, ge=0, le=64)
    worker_jobs: int = Field(8, ge=1, le=64)
    worker_crawls: int = Field(2_000, ge=1)
    worker_mb: int = Field(1_000, ge=100)
    line: int = Field(1_000, ge=1, le=100_000)
    search_s: float = Field(60.0, gt=0, le=3600)
    fresh_s: float = Field(300.0, ge=0)
    recheck_s: float = Field(300.0, gt=0)
    crons: str = ""
    rate_read: int = Field(6_000, ge=1)
    rate_write: int = Field(600, ge=1)
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$")
    environ: dict[str, str] = Field(default_factory=dict, repr=False)

    @field_validator("store_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in ("sqlite", "mongodb", "mongodb+srv"):
            raise ValueError("use sqlite:///<path> or mongodb://…")
        return url

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("use redis://, rediss:// or unix://; leave it empty for the embedded Valkey")
        try:
            _ = urlsplit(url).port
        except ValueError:  # its words may hold a part of the password
            raise ValueError("its port must be a number; escape a / ? # or @ in the password") from None
        return url

    @field_validator("proxies")
    @classmethod
    def _known_proxies(cls, entries: str) -> str:
        listed(parts(entries))
        return entries

    @field_validator("ways")
    @classmethod
    def _known_ways(cls, names: str, info: ValidationInfo) -> str:
        wanted = parts(names)
        if not wanted or len(set(wanted)) < len(wanted) or not set(wanted) <= set(WAYS):
            raise ValueError(f"name some of {', '.join(WAYS)}, each once, the first to try first")
        if wanted == ["proxy"] and not parts(info.data.get("proxies", "")):
            raise ValueError("allows proxies only, and HOMEFEED_PROXIES names none")
        return ",".join(wanted)

    @property
    def store(self) -> str:
        return self.store_url or f"sqlite:///{self.data_dir / 'homefeed.db'}"

    def base_url(self, spider: str) -> str | None:
        """Where a spider should look instead of its real site, from `HOMEFEED_<SPIDER>_BASE_URL`."""
        return self.environ.get(f"{PREFIX}{spider.upper()}_BASE_URL") or None

    def api_key(self, name: str) -> str | None:
        """The key of a source or provider, from `<NAME>_API_KEY`."""
        return self.environ.get(f"{name.upper()}_API_KEY") or None

    def names(self, field: str) -> list[str]:
        """A comma-separated setting as its parts."""
        return parts(getattr(self, field))

    def proxies_by_name(self) -> dict[str, str]:
        """Address, with user and password, by the name that may be shown."""
        return listed(self.names("proxies"))


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def load(environ: dict[str, str], env_file: Path = Path(".env")) -> Config:
    """Config from `environ` over `env_file`. Raises ConfigError naming the variable."""
    merged = {k: v for k, v in dotenv_values(env_file).items() if v is not None} | environ
    values = {k[len(PREFIX) :].lower(): v for k, v in merged.items() if k.startswith(PREFIX) and v != ""}
    values.pop("environ", None)
    try:
        return Config.model_validate(values | {"environ": merged})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(PREFIX + str(first["loc"][0]).upper(), first["msg"].removeprefix("Value error, ")) from None


_preset: dict[str, str] = {}


def preset(**values: str) -> None:
    """Settings this process decides for itself, over the environment; the demo's world needs some."""
    _preset.update(values)
    config.cache_clear()


def child_environ() -> dict[str, str]:
    """The environment for processes this one starts, so that they decide as it does."""
    return dict(os.environ) | _preset


@cache
def config() -> Config:
    """This process's config, read once."""
    return load(child_environ())
