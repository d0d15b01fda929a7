"""The look of the window: one root, a light and a dark theme, and the size of everything.

ttkbootstrap styles only its own widget classes, so every widget of the window is one of those.  What its recipes leave
out is added here, and again after each change of theme: row heights from the font, a visible focus on tables, the space
bar on buttons.
"""

from __future__ import annotations

import math
import re
import tkinter
from tkinter import font as tkfont
from typing import Any

import ttkbootstrap as ttk
from ttkbootstrap.style import Colors

from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.theme_names import CLASS_NAME

LIGHT, DARK = "bootstrap-light", "bootstrap-dark"
SYSTEM = "system"
THEMES = (SYSTEM, "light", "dark")
SCALES = (0, 100, 125, 150, 175, 200, 250, 300)
NORMAL_SCALING = 4 / 3
"""Pixels a point at 96 dots an inch, which is 100 %."""
WILDEST_SCALING = 10.0
"""Some drivers report a screen of no size; Tk then asks for letters that fill the wall."""
READABLE = 0.66
"""Of the text colour over the background: 4.5 : 1 or more, the least contrast for text (WCAG 2.1, 1.4.3)."""
LEAST_CONTRAST = 4.5
"""Of text over its background (WCAG 2.1, 1.4.3)."""
ICON = 48
SMALLEST = (760, 480)
FIRST = (1180, 780)
MOST_OF_SCREEN = 0.9
"""Share of a small screen that the smallest window takes: its frame and the desktop's bars need the rest."""


class SizedTk(tkinter.Tk):
    """A Tk that knows its size before the first style is built: the toolkit draws its small pictures only once."""

    def __init__(self, percent: int, desktop_scale: float | None, **options: Any) -> None:
        super().__init__(**options)
        set_scale(self, percent, desktop_scale)


class Root(ttk.App, SizedTk):
    """The root window; ``SizedTk`` stands between the toolkit's root and Tk's own."""


def make_root(preferences: Preferences, dark: bool, desktop_scale: float | None) -> Root:
    """The root window, not yet shown, in the theme and size that the user or the desktop wants."""
    root = Root(
        theme=theme_name(preferences.theme, dark),
        className=CLASS_NAME,
        iconphoto=None,
        title="Image Sync",
        percent=preferences.scale,
        desktop_scale=desktop_scale,
    )
    root.withdraw()
    root.iconphoto(True, ttk.Icon("images", size=ICON, color="primary"))
    _name_fonts(root)
    _complete(root)
    ttk.on_theme_change(lambda _style: _complete(root))
    # ttkbootstrap takes the space bar from buttons; whoever works with the keyboard expects it there.
    root.bind_class("TButton", "<Key-space>", "ttk::button::activate %W")
    # Ctrl+Enter is the window's: without these the focused button or row would take it for a plain Enter first.
    for kind in ("TButton", "Treeview"):
        for sequence in ("<Control-Return>", "<Control-KP_Enter>"):
            root.bind_class(kind, sequence, "# the window's")
    return root


def speak(root: tkinter.Tk, language: str) -> None:
    """Let the dialogs that are Tk's own speak the language."""
    root.tk.call("msgcat::mclocale", language)
    root.tk.eval("msgcat::mcload [file join $::tk_library msgs]")


def theme_name(choice: str, dark: bool) -> str:
    """The theme for the setting ``choice`` on a desktop that is dark or not."""
    if choice == SYSTEM or choice not in THEMES:
        return DARK if dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def set_theme(root: ttk.App, choice: str, dark: bool) -> None:
    """Change the theme of all that is shown."""
    wanted = theme_name(choice, dark)
    if root.theme_use() != wanted:
        root.theme_use(wanted)


def set_scale(root: tkinter.Tk, percent: int, desktop_scale: float | None) -> None:
    """Size everything: ``percent`` from the settings, else what the desktop says, else what Tk measured."""
    if root.tk.call("tk", "windowingsystem") == "aqua":
        return
    if percent:
        wanted = NORMAL_SCALING * min(300, max(100, percent)) / 100
    elif desktop_scale:
        wanted = NORMAL_SCALING * min(3.0, max(1.0, desktop_scale))
    else:
        measured = float(root.tk.call("tk", "scaling"))
        sane = math.isfinite(measured) and 0 < measured <= WILDEST_SCALING
        wanted = min(3 * NORMAL_SCALING, max(NORMAL_SCALING, measured)) if sane else NORMAL_SCALING
    root.tk.call("tk", "scaling", wanted)


def place(root: ttk.App, geometry: str) -> None:
    """Give the window its size and place: those of the last time where they fit the screen, else in the middle."""
    wide, high = root.winfo_screenwidth(), root.winfo_screenheight()
    smallest = [
        min(px(root, size), round(room * MOST_OF_SCREEN)) for size, room in zip(SMALLEST, (wide, high), strict=True)
    ]
    root.minsize(*smallest)
    found = re.fullmatch(r"(\d+)x(\d+)\+(\d+)\+(\d+)", geometry)
    if found:
        width, height, left, top = map(int, found.groups())
        if smallest[0] <= width <= wide and smallest[1] <= height <= high and left < wide - 80 and top < high - 80:
            root.geometry(geometry)
            return
    width, height = (
        max(least, min(px(root, size), round(room * MOST_OF_SCREEN)))
        for least, size, room in zip(smallest, FIRST, (wide, high), strict=True)
    )
    root.geometry(f"{width}x{height}+{(wide - width) // 2}+{(high - height) // 3}")


def px(widget: tkinter.Misc, size: float) -> int:
    """``size`` at 100 % in pixels of this screen."""
    result = ttk.scale_size(widget, size)
    return int(result)


def line_height(widget: tkinter.Misc) -> int:
    """Pixels from one line of text to the next."""
    return int(widget.tk.call("font", "metrics", "TkDefaultFont", "-linespace"))


def colors() -> Colors:
    """The colours of the theme in use."""
    palette: Colors = ttk.Style.get_instance().colors
    return palette


def _name_fonts(root: tkinter.Tk) -> None:
    """A bold and a large font beside Tk's own, named so that they live as long as the window."""
    usual = tkfont.nametofont("TkDefaultFont", root=root)
    facts = usual.actual()
    for name, size, weight in (("BoldFont", 1.0, "bold"), ("TitleFont", 1.35, "bold"), ("SmallFont", 0.9, "normal")):
        if name not in tkfont.names(root):
            root.tk.call("font", "create", name)
        points = round(facts["size"] * size) if facts["size"] > 0 else round(facts["size"] * size) or -1
        root.tk.call("font", "configure", name, "-family", facts["family"], "-size", points, "-weight", weight)


def _complete(root: tkinter.Tk) -> None:
    style, palette = ttk.Style.get_instance(), colors()
    style.configure("Treeview", rowheight=line_height(root) + px(root, 8))
    style.configure("Treeview.Heading", font="BoldFont")
    # Tk names the size of the box with the plus sign in two ways, depending on the theme that it is drawn by.
    style.configure("Treeview.Item", diameter=px(root, 11), indicatorsize=px(root, 11))
    style.configure("Treeview.Item", indicatormargins=(px(root, 4), 0, px(root, 6), 0))
    style.configure("Treeview.Cell", padding=(px(root, 6), 0))
    for name in ("TButton", "TLabel"):
        style.configure(name, space=px(root, 6))
    _make_disabled_readable(root, style, palette)
    _make_unpressed_readable(root, style, palette)
    _make_coloured_readable(style, palette)
    # The theme's own red stays just below the least contrast for text on dark.
    ttk.Label(root, bootstyle="danger").destroy()
    style.configure("danger.TLabel", foreground=between(palette.danger, palette.fg, 0.85))
    style.configure("Treeview", bordercolor=palette.inputbg)


_LOCKED = (
    *("TCombobox", "TEntry", "TSpinbox", "TCheckbutton", "TRadiobutton"),
    *("TButton", "primary.TButton", "Ghost.TButton", "danger.TButton"),
    *("Toolbutton", "primary.Toolbutton", "primary.Outline.Toolbutton"),
)
"""Styles of what may be locked."""


def _make_disabled_readable(root: tkinter.Tk, style: ttk.Style, palette: Colors) -> None:
    """While a job runs the form is locked and must still be read: the recipes' grey on grey is too faint for that."""
    for make in (ttk.Button, ttk.Checkbutton, ttk.Radiobutton, ttk.Combobox, ttk.Entry, ttk.Spinbox):
        # A recipe is carried out when its first widget is made and would undo what is mapped before.
        make(root).destroy()
    for bootstyle in ("primary", "ghost", "danger"):
        ttk.Button(root, bootstyle=bootstyle).destroy()
    for bootstyle in ("toolbutton", "primary toolbutton", "primary outline toolbutton"):
        ttk.Checkbutton(root, bootstyle=bootstyle).destroy()
    faded = between(palette.fg, palette.bg, READABLE)
    for name in _LOCKED:
        style.map(name, foreground=[("disabled", faded), *_without_disabled(style.map(name, "foreground"))])


def _make_unpressed_readable(root: tkinter.Tk, style: ttk.Style, palette: Colors) -> None:
    """A button of a choice that is not pressed in can be chosen: it must not look like one that is switched off."""
    words = between(palette.fg, palette.bg, 0.85)
    for bootstyle, name in (("toolbutton", "Toolbutton"), ("primary toolbutton", "primary.Toolbutton")):
        ttk.Radiobutton(root, bootstyle=bootstyle).destroy()
        style.configure(name, foreground=words, focuscolor=words)


def _make_coloured_readable(style: ttk.Style, palette: Colors) -> None:
    """White words on the theme's own blue and red stay below the least contrast for text where it is dark."""
    for name, ground in (("primary.TButton", palette.primary), ("danger.TButton", palette.danger)):
        style.configure(name, foreground=words_on(ground), focuscolor=words_on(ground))
    for name in ("primary.Toolbutton", "primary.Outline.Toolbutton"):
        known: list[Any] = [spec for spec in style.map(name, "foreground") if "selected" not in spec[:-1]]
        style.map(name, foreground=[*known, ("selected", words_on(palette.primary))])


def words_on(ground: str) -> str:
    """White, or black where white does not stand out from the colour ``ground`` (``#rrggbb``) as text must."""
    parts = [int(ground[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= LEAST_CONTRAST else "#000000"


def _without_disabled(specs: Any) -> list[Any]:
    return [spec for spec in specs if "disabled" not in spec[:-1]]


def between(first: str, second: str, share: float) -> str:
    """The colour that is ``share`` of ``first`` and the rest of ``second``, both as ``#rrggbb``."""
    pairs = zip((1, 3, 5), (1, 3, 5), strict=True)
    mixed = [round(int(first[a : a + 2], 16) * share + int(second[b : b + 2], 16) * (1 - share)) for a, b in pairs]
    return "#" + "".join(f"{part:02x}" for part in mixed)
