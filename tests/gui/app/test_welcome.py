"""The first start: three cards, by mouse and by keys, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from image_sync.gui.pages.welcome_page import WelcomePage
from image_sync.gui.preferences import load_preferences
from image_sync.gui.widgets import theme
from tests.gui.driver import Driver
from tests.gui.organize.test_page_model import found
from tests.gui.scripted import ScriptedEngine, port_to

OpenWindow = Callable[..., Driver]


def welcome(driver: Driver) -> WelcomePage:
    page = driver.window.pages["welcome"]
    assert isinstance(page, WelcomePage)
    return page


def test_the_first_start_asks_what_to_do_and_no_later_one(open_window: OpenWindow) -> None:
    driver = open_window(port_to(ScriptedEngine(found)), greeted=False)
    assert driver.window.front == "welcome" and "welcome" not in driver.window.rail.buttons
    page = welcome(driver)
    assert list(page.buttons) == ["organize", "sync", "import"]
    driver.screenshot("welcome-light")
    page.entered()
    driver.until(lambda: driver.root.focus_get() is page.buttons["organize"], "the keyboard on the first card")
    driver.keys("Right", "space")
    driver.until(lambda: driver.window.front == "sync", "the page of the card")
    assert load_preferences().greeted
    driver.finish()
    driver = open_window(port_to(ScriptedEngine(found)), greeted=load_preferences().greeted)
    assert driver.window.front == "organize"


@pytest.mark.parametrize("geometry", ["1180x780+20+20", "760x1000+0+0"])
def test_cards_are_drawn_in_every_theme_and_width(open_window: OpenWindow, geometry: str) -> None:
    driver = open_window(port_to(ScriptedEngine(found)), greeted=False, geometry=geometry)
    page = welcome(driver)
    theme.set_theme(driver.root, "dark", dark=True)
    driver.root.update()
    driver.screenshot(f"welcome-dark-{geometry.split('x')[0]}")
    for job, button in page.buttons.items():
        assert button.winfo_viewable(), job
        left = button.winfo_rootx() - page.winfo_rootx()
        assert left >= 0 and left + button.winfo_width() <= page.winfo_width(), job
    driver.click(page.buttons["import"])
    driver.until(lambda: driver.window.front == "import", "the page of the card")
