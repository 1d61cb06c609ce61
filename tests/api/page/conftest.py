"""`world`: the running system. `browse(path, …)`: a page in Chromium; its test fails when the page said an error."""

import shutil

import pytest

from .world import World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run"]  # fmt: skip
CARDS = "#results > [data-id]"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/api/page" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="package")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; Debian: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def world(chromium, demo_ports, tmp_path_factory):
    """With sofas found in every source."""
    running = World(demo_ports, tmp_path_factory.mktemp("page"))
    running.tick(0)
    with running.running():
        running.search("sofa")
        running.search("sofa", "designs")
        yield running


class Said:
    """What the page complained of; a test takes out what it provoked."""

    def __init__(self, page):
        self.errors: list[str] = []
        page.on(
            "console",
            lambda m: self.errors.append(f"{m.text} {m.location}") if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.errors.append(f"{error} {error.stack}"))


@pytest.fixture
def browse(chromium, world):
    contexts, said = [], []

    def opened(path="/?q=sofa", *, wait=CARDS, before=None, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 860}, "locale": "en-IN"} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.said = Said(page)
        said.append(page.said)
        if before:
            before(page)
        page.goto(world.url + path)
        page.wait_for_selector(wait)
        page.wait_for_selector("#link[data-state=open]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [error for one in said for error in one.errors]
