"""A headless Chromium, and a JupyterLab on the built labs."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.browser.jupyterlab import find_chromium, serve

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """A headless browser; where there is none, the tests that need it are skipped.

    Playwright keeps an event loop running in this thread, in which other files' tests would behave differently.
    """
    path = find_chromium()
    if not path:
        pytest.skip("no Chromium or Chrome on this computer (Debian and Ubuntu: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    assert asyncio._get_running_loop() is None


@pytest.fixture(scope="module")
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


CONTRAST = """selector => {
  const parts = colour => (colour.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = rgb => rgb.slice(0, 3).map(part => part / 255).map(part =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  ).reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if ((colour[3] ?? 1) > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    const text = [...element.childNodes].filter(node => node.nodeType == 3 && node.data.trim()).map(node => node.data);
    if (!text.length || !element.checkVisibility()) continue;
    const both = [light(parts(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(1)} ${element.tagName}.${element.className}: ${text[0].slice(0, 30)}`);
  }
  return found;
}"""


@pytest.fixture
def pale():
    """A function that returns the texts of a page whose contrast with what is behind them is below 4.5 (WCAG AA)."""
    return lambda page, selector="body :not(svg *)": page.evaluate(CONTRAST, selector)
