"""What the Dockerfile and compose.yaml say is what homefeed understands."""

import re
from pathlib import Path

import pytest
import yaml

from crawler.cli import commands
from crawler.core.config import PREFIX, load

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = ("api", "worker", "scheduler")


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml"])
def test_only_settings_that_there_are(file):
    listed = set(re.findall(rf"^{PREFIX}[A-Z_]+", (ROOT / ".env.example").read_text(), re.M))
    used = set(re.findall(rf"{PREFIX}[A-Z_]+", (ROOT / file).read_text()))
    assert used - listed <= {f"{PREFIX}VERSION"}


@pytest.mark.parametrize("service", OURS)
def test_services_run_commands_that_there_are(service):
    known = {command.name for command in commands().registered_commands}
    assert COMPOSE["services"][service]["command"] == [service]
    assert service in known


@pytest.mark.parametrize("service", OURS)
def test_settings_of_a_service_are_valid(service):
    filled = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "x", value))
        for name, value in COMPOSE["services"][service]["environment"].items()
    }
    settings = load(filled, Path("/dev/null"))
    assert settings.store == "mongodb://homefeed:x@mongodb:27017/homefeed?authSource=admin"
    assert settings.redis_url == "redis://:x@redis:6379/0"


def test_nothing_starts_without_its_secrets():
    text = (ROOT / "compose.yaml").read_text()
    for name in ("MONGO_PASSWORD", "REDIS_PASSWORD", "HOMEFEED_API_KEYS"):
        uses = re.findall(rf"\$\{{{name}\}}|\$\{{{name}:[^}}]*\}}", text)
        assert uses
        assert all(use.startswith(f"${{{name}:?") for use in uses)


def test_only_the_api_has_a_port_and_on_loopback():
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert list(ports) == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in ports["api"])


def test_the_image_holds_no_more_than_it_is_built_from():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")
              and "--from" not in line for word in line.split()[1:-1]}  # fmt: skip
    assert kept == copied == {"pyproject.toml", "requirements.lock", "README.md", "crawler", "api"}
