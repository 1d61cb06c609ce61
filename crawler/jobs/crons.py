"""Scheduled crawls (HOMEFEED_CRONS): lines of five cron fields in UTC, a spider and its arguments."""

import shlex
from collections.abc import Collection
from datetime import UTC, datetime

import msgspec
from crontab import CronTab

from crawler.core.errors import ConfigError

SETTING = "HOMEFEED_CRONS"
LATE_S = 3_600  # how much later than its minute a crawl still starts
FIELDS = 5


class Cron(msgspec.Struct, frozen=True):
    """One line: `when` are its five fields."""

    line: str
    when: str
    spider: str
    query: str
    args: dict[str, str]


def parse(text: str, spiders: Collection[str], arguments: Collection[str]) -> list[Cron]:
    """The lines of `text`, separated by ";". `arguments` are what spiders take beside `query`. Raises ConfigError
    naming the line and what is wrong with it."""
    return [_line(line.strip(), spiders, ("query", *arguments)) for line in text.split(";") if line.strip()]


def due(cron: Cron, now: float) -> int | None:
    """The latest minute at which it should have started, in Unix seconds, unless that is more than LATE_S ago."""
    after = datetime.fromtimestamp(int(now) + 1, UTC).replace(tzinfo=None)  # so that a minute that begins now counts
    ago = CronTab(cron.when).previous(after, default_utc=True)
    if ago is None or int(now) + 1 + ago < now - LATE_S:
        return None
    return int(now) + 1 + round(ago)


def _line(line: str, spiders: Collection[str], arguments: Collection[str]) -> Cron:
    words = _words(line)
    when, spider, given = " ".join(words[:FIELDS]), words[FIELDS], words[FIELDS + 1 :]
    _check_when(line, when)
    if spider not in spiders:
        raise _wrong(line, f"there is no spider {spider!r}; use one of {', '.join(sorted(spiders))}")
    args = dict(_argument(line, word, arguments) for word in given)
    if not {"query", "category", "url"} & args.keys():
        raise _wrong(line, "say what to crawl: query=…, category=… or url=…")
    return Cron(line, when, spider, args.pop("query", ""), args)


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise _wrong(line, str(error)) from None
    if len(words) <= FIELDS:
        raise _wrong(line, "needs five cron fields, a spider and its arguments")
    return words


def _check_when(line: str, when: str) -> None:
    try:
        comes = CronTab(when).next(default_utc=True)
    except ValueError as error:
        raise _wrong(line, f"{when!r}: {error}") from None
    if comes is None:
        raise _wrong(line, f"{when!r} never comes")


def _argument(line: str, word: str, allowed: Collection[str]) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if name not in allowed or not sign or not value:
        raise _wrong(line, f"{word!r} is no argument; use {', '.join(f'{a}=…' for a in allowed)}")
    return name, value


def _wrong(line: str, why: str) -> ConfigError:
    return ConfigError(SETTING, f"{line!r}: {why}")
