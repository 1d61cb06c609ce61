"""Laws over the whole house: what no single test would notice being broken."""

import ast
import re
from pathlib import Path

import pytest

from crawler.core.config import PREFIX, Config
from tests.reading import spiders

ROOT = Path(__file__).parent.parent
SOURCES = [p for room in ("crawler", "api") for p in (ROOT / room).rglob("*.py")]
MUTATORS = ("append", "add", "update", "extend", "setdefault", "pop", "clear")
# spider name -> why its pace may be below the default
FASTER_THAN_DEFAULT = {"stockx": "its API, as known of its documents, allows one request a second"}


def test_env_example_lists_every_setting():
    listed = set(re.findall(rf"^{PREFIX}([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert listed == {name.upper() for name in Config.model_fields if name != "environ"}


def test_readme_names_every_source():
    text = (ROOT / "README.md").read_text()
    assert [name for name in spiders() if f"`{name}`" not in text] == []


def test_env_example_shows_the_defaults():
    shown = dict(re.findall(rf"^{PREFIX}([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
    values = {k.lower(): v for k, v in shown.items() if v}
    assert Config.model_validate(values) == Config()


def test_environment_is_read_in_one_place():
    readers = [p for p in SOURCES if re.search(r"os\.(environ|getenv)", p.read_text())]
    assert readers == [ROOT / "crawler/core/config.py"]


@pytest.mark.parametrize("name", sorted(spiders()))
def test_spider_names(name):
    spider = spiders()[name]
    assert spider.__module__.rpartition(".")[2] == name
    assert spider.__name__ == "".join(part.capitalize() for part in name.split("_")) + "Spider"


@pytest.mark.parametrize("name", sorted(spiders()))
def test_spider_docstring_gives_site_and_terms(name):
    module = __import__(spiders()[name].__module__, fromlist=["x"])
    assert len((module.__doc__ or "").split()) >= 15


@pytest.mark.parametrize("name", sorted(spiders()))
def test_spider_keeps_the_pace(name):
    paces = [getattr(spiders()[name], own, None) for own in ("pace", "api_pace")]
    assert all(pace is None or pace >= Config().pace for pace in paces) or name in FASTER_THAN_DEFAULT


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_mutable_class_attribute_is_changed_through_self(path):
    """`self.x.append(...)` on a class-level list would leak between crawls of one process."""
    for cls in [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ClassDef)]:
        tables = [
            n for n in cls.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.List | ast.Dict | ast.Set)
        ]
        shared = {t.id for n in tables for t in n.targets if isinstance(t, ast.Name)}
        calls = [n.func for n in ast.walk(cls) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
        owners = [f.value for f in calls if f.attr in MUTATORS and isinstance(f.value, ast.Attribute)]
        changed = {o.attr for o in owners if isinstance(o.value, ast.Name) and o.value.id == "self"}
        assert not shared & changed, f"{cls.name}: {shared & changed}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_left_behind(path):
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", path.read_text())
