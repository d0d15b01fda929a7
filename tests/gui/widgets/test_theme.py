"""Sizes, places and themes of the real root window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from image_sync.gui.preferences import Preferences

if TYPE_CHECKING:
    from image_sync.gui.widgets.theme import Root


@pytest.fixture
def root(tk_root: Root) -> Iterator[Root]:
    scaling = float(tk_root.tk.call("tk", "scaling"))
    yield tk_root
    tk_root.tk.call("tk", "scaling", scaling)
    tk_root.minsize(1, 1)


@pytest.mark.parametrize(
    ("percent", "desktop", "measured", "factor"),
    [
        (0, None, 4 / 3, 1.0),
        (200, None, 4 / 3, 2.0),
        (150, 3.0, 4 / 3, 1.5),
        (0, 2.0, 4 / 3, 2.0),
        (0, 0.4, 4 / 3, 1.0),
        (0, 9.0, 4 / 3, 3.0),
        (0, None, 55.0, 1.0),
        (0, None, 8 / 3, 2.0),
        (0, None, 0.3, 1.0),
        (5000, None, 4 / 3, 3.0),
    ],
)
def test_the_size_of_everything(
    root: Root, percent: int, desktop: float | None, measured: float, factor: float
) -> None:
    from image_sync.gui.widgets import theme

    root.tk.call("tk", "scaling", measured)
    theme.set_scale(root, percent, desktop)
    assert float(root.tk.call("tk", "scaling")) == pytest.approx(factor * 4 / 3, rel=0.01)


@pytest.mark.parametrize(
    ("choice", "dark", "name"),
    [
        ("system", True, "bootstrap-dark"),
        ("system", False, "bootstrap-light"),
        ("light", True, "bootstrap-light"),
        ("dark", False, "bootstrap-dark"),
        ("nonsense", True, "bootstrap-dark"),
    ],
)
def test_the_theme_for_a_choice(choice: str, dark: bool, name: str) -> None:
    from image_sync.gui.widgets import theme

    assert theme.theme_name(choice, dark) == name


@pytest.mark.parametrize("geometry", ["", "nonsense", "10x10+0+0", "99999x700+0+0", "1000x700+5000+20"])
def test_a_saved_place_that_does_not_fit_is_not_taken(root: Root, geometry: str) -> None:
    from image_sync.gui.widgets import theme

    theme.place(root, geometry)
    root.update()
    width, height = root._unmapped_size() if not root.winfo_viewable() else (root.winfo_width(), root.winfo_height())
    assert theme.px(root, theme.SMALLEST[0]) <= width <= root.winfo_screenwidth()
    assert theme.px(root, theme.SMALLEST[1]) <= height <= root.winfo_screenheight()
    assert root.geometry() != geometry


def test_a_saved_place_that_fits_is_taken(root: Root) -> None:
    from image_sync.gui.widgets import theme

    theme.place(root, "1000x700+30+40")
    root.update()
    assert root.geometry().startswith("1000x700")


def test_the_smallest_window_leaves_room_on_a_small_screen(root: Root) -> None:
    from image_sync.gui.widgets import theme

    theme.set_scale(root, 300, None)
    theme.place(root, "")
    width, height = root.minsize()
    assert width <= root.winfo_screenwidth() * theme.MOST_OF_SCREEN + 1
    assert height <= root.winfo_screenheight() * theme.MOST_OF_SCREEN + 1


def test_choices_wrap_and_one_that_is_too_wide_gives_way(root: Root) -> None:
    import ttkbootstrap as ttk

    from image_sync.gui.widgets.flow import Flow

    window = ttk.Toplevel(master=root)
    try:
        window.geometry("400x200+20+20")
        flow = Flow(window)
        flow.pack(fill="x")
        small, wide = ttk.Button(flow, text="short"), ttk.Button(flow, text="w" * 200)
        flow.show([small, wide])
        _until(root, lambda: flow.winfo_width() == 400 and wide.winfo_width() == 400)
        assert small.winfo_y() == 0
        assert wide.winfo_y() > small.winfo_y() + small.winfo_reqheight() - 1
        window.geometry(f"{wide.winfo_reqwidth() + small.winfo_reqwidth() + 100}x200")
        _until(root, lambda: wide.winfo_width() == wide.winfo_reqwidth() and wide.winfo_y() == small.winfo_y())
    finally:
        window.destroy()


def _until(root: Root, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        root.update()


def test_rows_are_as_high_as_their_font_in_both_themes(root: Root) -> None:
    import ttkbootstrap as ttk

    from image_sync.gui.widgets import theme

    try:
        for choice in ("light", "dark", "light"):
            theme.set_theme(root, choice, dark=False)
            height = int(ttk.Style.get_instance().lookup("Treeview", "rowheight"))
            assert height >= theme.line_height(root) + 4
            faded = ttk.Style.get_instance().lookup("TCombobox", "foreground", state=["disabled"])
            assert _contrast(faded, theme.colors().bg) >= 4.5, "a locked form must still be read"
    finally:
        theme.set_theme(root, "light", dark=False)


def test_text_colours_can_be_read_in_both_themes(root: Root) -> None:
    import ttkbootstrap as ttk

    from image_sync.gui.widgets import theme

    try:
        for choice in ("light", "dark"):
            theme.set_theme(root, choice, dark=False)
            for style in ("TLabel", "secondary.TLabel", "danger.TLabel", "success.TLabel"):
                ttk.Label(root, bootstyle=style.split(".")[0] if "." in style else "default").destroy()
                colour = ttk.Style.get_instance().lookup(style, "foreground")
                assert _contrast(str(colour), theme.colors().bg) >= 4.5, (choice, style, colour)
            for style in ("Toolbutton", "primary.Toolbutton"):
                found = [str(ttk.Style.get_instance().lookup(style, what)) for what in ("foreground", "background")]
                assert _contrast(*found) >= 4.5, (choice, style, found)
    finally:
        theme.set_theme(root, "light", dark=False)


def _contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG 2.1 defines it."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_preferences_default_to_the_system() -> None:
    from image_sync.gui.widgets import theme

    assert Preferences().theme == theme.SYSTEM
    assert Preferences().scale in theme.SCALES
