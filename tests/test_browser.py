"""What a browser does with the pages: the explorer of a large derivative opens, searches, expands, and nothing is complained about.

Needs Chromium and its driver from the system (apt-get install chromium chromium-driver) and selenium; skipped without them, unless the
environment sets SYMDIFF_BROWSER=required.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import symdiff as sd
from symdiff.expr import symbol_node

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
REQUIRED = os.environ.get("SYMDIFF_BROWSER") == "required"
MISSING = [name for name, there in (("chromium", BROWSER), ("chromedriver", DRIVER), ("selenium", find_spec("selenium"))) if not there]
pytestmark = pytest.mark.skipif(bool(MISSING) and not REQUIRED, reason=f"no {', '.join(MISSING)}: the pages were NOT opened in a browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chrome = import_module("selenium.webdriver.chrome.webdriver")
    options = import_module("selenium.webdriver.chrome.options").Options()
    options.binary_location = BROWSER
    for switch in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = chrome.WebDriver(options=options, service=import_module("selenium.webdriver.chrome.service").Service(DRIVER))
    yield driver
    driver.quit()


def opened(browser: Any, page: Path) -> float:
    """Open a page and return the seconds until its script has run."""
    browser.get_log("browser")
    start = time.perf_counter()
    browser.get(page.as_uri())
    return time.perf_counter() - start


def found(browser: Any, selector: str) -> list[Any]:
    return list(browser.find_elements("css selector", selector))


def until(condition: Any, seconds: float = 5.0) -> None:
    end = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < end, "this did not happen in time"
        time.sleep(0.02)


def boxes(browser: Any) -> int:
    return len(found(browser, ".box"))


def complaints(browser: Any) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def large_derivative() -> sd.Expr:
    items = [sd.Symbol("t" if k % 2 else f"x{k}") for k in range(1_800)]
    forms = (lambda a, b: sd.sin(a) * b, lambda a, b: a + sd.tanh(b), lambda a, b: sd.exp(a / (1 + b**2)))
    turn = 0
    while len(items) > 1:
        pairs = []
        for a, b in zip(items[::2], items[1::2]):
            turn += 1
            pairs.append(forms[turn % 3](a, b))
        items = pairs + items[len(items) // 2 * 2:]
    return sd.diff(items[0], "t")


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "explorer.html"
    return sd.draw(large_derivative(), path, folded=False)


def test_the_explorer_of_a_10_000_node_derivative_opens_within_two_seconds(browser: Any, explorer: Path) -> None:
    assert browser.execute_script("return 1") == 1  # the browser itself has started
    assert min(opened(browser, explorer) for _ in range(2)) < 2.0
    assert browser.execute_script("return cards.length") >= 10_000
    assert 20 < boxes(browser) < 100
    assert complaints(browser) == []


def test_the_explorer_searches_and_shows_what_it_found(browser: Any, explorer: Path) -> None:
    opened(browser, explorer)
    before = boxes(browser)
    found(browser, "#search")[0].send_keys("x₁₆")
    until(lambda: " of " in found(browser, "#count")[0].text)
    until(lambda: found(browser, ".box.hit"))
    assert "x₁₆" in found(browser, ".box.hit .label")[0].text
    assert boxes(browser) > before
    found(browser, "#next")[0].click()
    until(lambda: found(browser, "#count")[0].text.startswith("2 of "))
    assert found(browser, ".box.hit")[0].is_displayed()
    found(browser, "#search")[0].send_keys(" no such thing")
    until(lambda: found(browser, "#count")[0].text == "nothing found")
    assert complaints(browser) == []


def test_a_click_opens_a_box_and_another_closes_it(browser: Any, explorer: Path) -> None:
    opened(browser, explorer)
    before = boxes(browser)
    closed = found(browser, '.box[aria-expanded="false"]')[0]
    place = closed.get_attribute("data-box")
    assert "▸" in closed.text
    closed.click()
    until(lambda: boxes(browser) > before)
    found(browser, f'.box[data-box="{place}"]')[0].click()
    until(lambda: boxes(browser) == before)
    found(browser, "#deeper")[0].click()
    until(lambda: boxes(browser) > before + 10)
    found(browser, "#top")[0].click()
    until(lambda: boxes(browser) == before)
    assert complaints(browser) == []


def test_every_box_can_be_reached_by_search_and_keyboard(browser: Any, explorer: Path) -> None:
    opened(browser, explorer)
    deepest = browser.execute_script(
        "let d=root,m=0;cards.forEach((c,b)=>{let n=0;for(let u=parent[b];u>=0;u=parent[u])n++;if(n>m){m=n;d=b}});return d")
    browser.execute_script("reveal(arguments[0])", deepest)
    assert found(browser, f'.box.chosen[data-box="{deepest}"]')[0].is_displayed()
    assert browser.execute_script("return parent.every((up, box) => up >= 0 || box === root)")
    focused = found(browser, '.box[aria-expanded="false"]')[0]
    place = focused.get_attribute("data-box")
    focused.send_keys("\ue007")  # Enter
    until(lambda: found(browser, f'.box[data-box="{place}"]:not(.reference)')[0].get_attribute("aria-expanded") == "true")
    assert complaints(browser) == []


def photographed(browser: Any, name: str, script: str = "") -> None:
    """For the gallery, where asked for: a picture of what the browser shows."""
    if os.environ.get("UPDATE_GOLDEN"):
        browser.set_window_size(1100, 700)
        browser.execute_script(script)
        time.sleep(0.3)
        assert browser.save_screenshot(str(Path(__file__).parent.parent / "docs" / "pictures" / name))
        browser.set_window_size(1280, 900)


def test_zoom_changes_the_size_and_nothing_else(browser: Any, explorer: Path) -> None:
    opened(browser, explorer)
    before, width = boxes(browser), found(browser, "#canvas")[0].size["width"]
    found(browser, "#smaller")[0].click()
    until(lambda: found(browser, "#canvas")[0].size["width"] < 0.9 * width)
    assert boxes(browser) == before
    photographed(browser, "gallery-explorer.png", "field.value = 'x₁₆'; search('x₁₆')")
    assert complaints(browser) == []


def test_the_arrow_keys_turn_a_film(browser: Any, tmp_path: Path) -> None:
    report = sd.simplify(sd.parse("ln(exp(x)*y^2) - 2*ln(abs(y)) + sin(atan(z))"), report=True)
    opened(browser, sd.draw(report, tmp_path / "film.html"))
    frames = len(found(browser, ".frame"))
    assert frames >= 4

    def shown() -> list[str]:
        return [frame.find_element("css selector", "h2").text for frame in found(browser, ".frame") if frame.is_displayed()]
    first = shown()
    assert len(first) == 1
    body = found(browser, "body")[0]
    body.send_keys("\ue014")  # arrow right
    assert found(browser, "#place")[0].text == f"2 of {frames}"
    assert len(shown()) == 1 and shown() != first
    photographed(browser, "gallery-film.png")
    body.send_keys("\ue012")  # arrow left
    assert shown() == first
    body.send_keys("\ue010")  # end
    assert shown() == ["result"]
    body.send_keys("\ue014")
    assert found(browser, "#place")[0].text == f"{frames} of {frames}"
    assert complaints(browser) == []


def test_pages_of_small_pictures_and_plots_show_them(browser: Any, tmp_path: Path) -> None:
    for page in (sd.draw(sd.parse("x^2*sin(x)"), tmp_path / "tree.html"), sd.plot(sd.parse("tan(x)"), tmp_path / "plot.html", between=(-4, 4)),
                 sd.draw(sd.parse("x^2*y"), tmp_path / "flow.html", at={"x": 2, "y": 3})):
        opened(browser, page)
        size = found(browser, "svg")[0].size
        assert size["width"] > 100 and size["height"] > 100
        assert complaints(browser) == []


def test_a_large_derivation_is_explored_card_by_card(browser: Any, tmp_path: Path) -> None:
    f = sd.add(*[sd.sin(sd.Symbol("x") ** k) / k for k in range(2, 60)])
    opened(browser, sd.derive(f, "x").draw(tmp_path / "cards.html", at={"x": 0.5}))
    assert browser.execute_script("return cards.length") > 150
    found(browser, "#search")[0].send_keys("sin(x²³)")
    until(lambda: found(browser, ".box.hit"))
    rows = [row.text for row in found(browser, ".box.hit text")]
    assert rows[0].startswith(("chain rule", "constant multiple rule")) and any(row.startswith("✓ numeric") for row in rows)
    assert complaints(browser) == []


@pytest.mark.parametrize("name", ["</script><script>document.title='bad'</script>", "<img src=x onerror=alert(1)>", '"]}', "&lt;b&gt;", "\u2028"])
def test_hostile_names_are_text_in_the_explorer(browser: Any, tmp_path: Path, name: str) -> None:
    terms = sd.add(*[sd.sin(symbol_node(f"{name}{k}") * sd.Symbol("y")) ** k for k in range(2, 90)])
    page = sd.draw(terms, tmp_path / "hostile.html", folded=False)
    opened(browser, page)
    assert browser.title != "bad"
    assert found(browser, "img") == []
    assert browser.execute_script("return cards.length") > 150
    assert complaints(browser) == []


def test_the_pictures_of_the_site_follow_its_switch_between_light_and_dark(browser: Any, tmp_path: Path) -> None:
    sd.plot(sd.parse("x^3 - x"), tmp_path / "plot.svg")
    style = Path(__file__).parent.parent / "docs" / "static" / "site.css"
    page = tmp_path / "page.html"
    page.write_text(f'<!doctype html><link rel="stylesheet" href="{style.as_uri()}"><body style="background:#808080"><img src="plot.svg">',
                    encoding="utf-8")
    opened(browser, page)

    def seen(theme: str) -> bytes:
        browser.execute_script("document.body.dataset.theme = arguments[0]", theme)
        return bytes(found(browser, "img")[0].screenshot_as_png)
    light, dark = seen("light"), seen("dark")
    assert light != dark
    assert seen("light") == light
