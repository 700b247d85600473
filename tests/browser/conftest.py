"""A headless Chromium, and a JupyterLab on the built labs."""

import shutil
from pathlib import Path

import pytest

from tests.browser.jupyterlab import find_chromium, serve

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    """A headless browser; where there is none, the tests that need it are skipped."""
    path = find_chromium()
    if not path:
        pytest.skip("no Chromium or Chrome on this computer (Debian and Ubuntu: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(chromium, built, tmp_path_factory):
    """The address of a JupyterLab on copies of the solved and the released labs."""
    folder = tmp_path_factory.mktemp("jupyterlab")
    for kind in ("solved", "release"):
        shutil.copytree(getattr(built, kind), folder / "labs" / kind)
    with serve(folder / "labs", folder) as address:
        yield address


@pytest.fixture
def page(chromium):
    """A page of the browser, of a laptop's size."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)  # a lab imports two frameworks, on whatever computer this is
    yield page
    page.close()


@pytest.fixture
def screenshot():
    """Keep a picture of a page or of a part of it in build/screenshots."""

    def keep(what, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        what.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep
