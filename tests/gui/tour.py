"""A tour through the screens of the real window, on real photos, in any language, theme and size.

``python -m tests.gui.tour FOLDER --language de --scale 200 --theme dark`` leaves a picture of every screen there, to be
looked at; ``--for-the-guide`` makes those that the guide shows.  Tests go the same way (``test_tour``) and measure what
they meet.  The engine is the real one; the hands are the pages' own commands, so that nothing hangs on a keyboard.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tkinter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from image_sync.gui.widgets.i18n import LANGUAGES
from tests.gui import seen
from tests.gui.pseudo import Pseudo
from tests.pictures_made import edited, save, scene
from tests.virtual_display import virtual_display

if TYPE_CHECKING:
    from image_sync.gui.app.window import Window
    from image_sync.gui.widgets.theme import Root

DOCS = Path(__file__).resolve().parents[2] / "docs" / "images"
PATIENCE = 120.0
QUIET = 15
"""Turns without a question after which a screen is taken for drawn: thumbnails come a little later."""
SCREENS = {100: "1600x1000x24", 200: "2800x1800x24", 300: "3840x2400x24"}
GUIDE = {
    "organize-review": "organize-review",
    "organize-compare": "compare",
    "sync-conflicts": "sync-conflicts",
    "import-review": "import-review",
    "history": "history",
}
"""Screens of the tour that the guide shows, with the names of the pictures there."""
TAKEN = 0x9003
FORMATS = frozenset(
    {"JPEG", "PNG", "EXIF", "RGB", "sRGB", "IEC", "GPS", "XMP", "KiB", "MiB", "GiB", "Takeout", "Google"}
)
FORMATS |= {"ImageSync", "Duplicates", "NoDate", *LANGUAGES.values()}
"""Words that are the same in every language."""
Seen = Callable[[str, tkinter.Misc], None]


@dataclass(frozen=True, slots=True)
class Look:
    """The language (``pseudo`` for that of nobody), theme, size in percent and size of the window at 100 %."""

    language: str = "en"
    theme: str = "light"
    scale: int = 100
    size: tuple[int, int] = (1180, 820)


# --- photos -----------------------------------------------------------------------------------------------------------


def picture(number: int) -> Image.Image:
    """A photo; a made one where no real ones are installed."""
    from tests import photos

    names = ("astronaut", "coffee", "chelsea", "rocket", "motorcycle_left", "ihc", "retina", "hubble_deep_field")
    if photos.folder() is None or number >= len(names):
        return scene(number, (640, 480))
    return photos.photo(names[number])


def _shot(number: int, path: Path, taken: str = "", **options: Any) -> Path:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[TAKEN] = taken
        exif[0x8769] = exif.get_ifd(0x8769)
    return save(picture(number), path, exif=exif, quality=options.pop("quality", 93), **options)


def make_photos(place: Path) -> None:
    """Folders for all three jobs below ``place``, an empty folder."""
    _for_organize(place)
    _for_sync(place)
    _for_import(place)


def _for_organize(place: Path) -> None:
    phone, backup = place / "Phone", place / "Backup"
    for number, name in ((1, "Coffee at Ana's"), (2, "Chelsea on the sofa"), (3, "Launch"), (5, "Slide 7")):
        _shot(number, phone / "2021" / f"{name}.jpg", "2021:06:03 09:12:00", mtime=1_600_000_000)
    save(edited(picture(1)), backup / "2021" / "IMG-20210603-WA0007.jpg", 1_600_100_000, quality=80)
    picture(1).crop((40, 30, 420, 300)).save(_made(backup / "2021" / "coffee crop.jpg"), quality=92)
    save(picture(2), backup / "Chelsea.png", 1_600_100_000)
    save(picture(2).resize((200, 133)), backup / "thumb_chelsea.jpg", 1_600_100_000, quality=70)
    shutil.copy2(phone / "2021" / "Launch.jpg", _made(backup / "2021" / "Launch (1).jpg"))
    picture(3).convert("L").convert("RGB").save(_made(backup / "launch grey.jpg"), quality=90)
    for number in (0, 4, 6, 7):
        _shot(number, backup / f"DSC_{1000 + number}.jpg", "2020:08:15 10:00:00")
    whole = (phone / "2021" / "Launch.jpg").read_bytes()
    (phone / "IMG_0042.jpg").write_bytes(whole[: len(whole) // 3])
    (phone / "recording.jpg").write_text("no picture")


def _for_sync(place: Path) -> None:
    left, right = place / "Laptop", place / "Disk"
    new, old = 1_700_000_000, 1_600_000_000
    for number in range(4):
        _shot(number, left / "2023 Lisbon" / f"DSC_{number}.jpg", mtime=new)
    save(edited(picture(4)), left / "Garage.jpg", new)
    save(picture(4), right / "Garage.jpg", old)
    for number, name in ((1, "Breakfast"), (2, "Chelsea"), (3, "Launch")):
        save(picture(number), left / f"{name}.jpg", old, quality=90)
        save(edited(picture(number)), right / f"{name}.jpg", old, quality=90)
    save(picture(6), right / "2019" / "Eye.jpg", old)
    for side in (left, right):
        save(picture(0), side / "Portrait.jpg", old)


def _for_import(place: Path) -> None:
    card, library = place / "Card", place / "Library"
    _shot(1, card / "DSC_1.jpg", "2019:07:24 11:25:40")
    _shot(2, card / "DSC_2.jpg", "2019:07:24 12:00:00")
    _shot(3, card / "2004-03-05 Picnic" / "DSC_3.jpg", "2004:03:05 10:00:00")
    _shot(4, card / "2012 Garage" / "DSC_4.jpg", "2003:01:01 10:00:00")
    _shot(5, card / "scan.jpg")
    twin = _shot(0, card / "DSC_6.jpg", "2010:01:02 03:04:05")
    for number in range(12):
        _shot(6 + number, card / f"P{number:03}.jpg", f"20{8 + number:02}:0{number % 9 + 1}:11 08:00:00")
    (card / "voice.txt").write_text("a note")
    shutil.copy2(twin, _made(library / "2010" / "01" / "02" / "Portrait.jpg"))


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


# --- the window -------------------------------------------------------------------------------------------------------


class Tour:
    """One window that is led through its screens; ``seen`` is called on each."""

    def __init__(self, root: Root, look: Look, place: Path, seen: Seen) -> None:
        from image_sync.engine import Engine
        from image_sync.gui.app.window import Window
        from image_sync.gui.job.port import real_port
        from image_sync.gui.pages.registry import page_specs
        from image_sync.gui.preference_store import PreferenceStore
        from image_sync.gui.widgets import theme
        from image_sync.inventory.thumbnail import decode

        self.root, self.look, self.place, self.seen = root, look, place, seen
        memory = PreferenceStore()
        memory.preferences = replace(memory.preferences, view="tiles", scale=look.scale, theme=look.theme)
        theme.set_theme(root, look.theme, dark=False)
        self._engine = Engine(catalog=None)
        port = replace(real_port(), make_engine=lambda: self._engine)
        self.window: Window = Window(root, page_specs(), port, memory, decode, dark=lambda: False, closed=lambda: None)
        root.report_callback_exception = self._failed
        width, height = (theme.px(root, side) for side in look.size)
        root.minsize(1, 1)
        root.geometry(f"{width}x{height}+0+0")
        root.deiconify()
        root.lift()
        self.until(lambda: bool(root.winfo_viewable()))
        self.window.started()
        self.settle()

    def _failed(self, _kind: type[BaseException], error: BaseException, trace: Any) -> None:
        self.error = error.with_traceback(trace)

    error: BaseException | None = None

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until ``condition`` holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            self.root.update()
            if self.error is not None:
                raise AssertionError("a callback failed") from self.error
            assert time.monotonic() < end, "the window did not get there"
            time.sleep(0.004)

    def settle(self) -> None:
        """Let the window live until nothing is asked in the background and all is drawn."""
        desk = self.window.desk
        for _ in range(QUIET):
            self.until(lambda: desk.background.idle and desk.counter.idle)
            self.root.update()
            time.sleep(0.02)

    def see(self, name: str, window: tkinter.Misc | None = None) -> None:
        """Show a screen to whoever looks."""
        self.settle()
        self.seen(name, window or self.root)

    def page(self, key: str) -> Any:
        """A page, brought to the front."""
        self.window.show(key)
        self.settle()
        return self.window.pages[key]

    def dialog(self) -> Any:
        """The open dialog."""
        from image_sync.gui.widgets.dialogs import Dialog

        def found() -> list[Dialog]:
            return [one for one in _below(self.root) if isinstance(one, Dialog) and one.winfo_viewable()]

        self.until(lambda: bool(found()))
        return found()[-1]

    def see_dialog(self, name: str, answer: str) -> None:
        """Show the open dialog, and answer it."""
        dialog = self.dialog()
        self.see(name, dialog)
        dialog.answer(answer)
        self.settle()

    def close(self) -> None:
        """Take the window down."""
        self.window.close_unasked()
        self.until(lambda: self.window._gone)
        for child in self.root.winfo_children():
            child.destroy()
        self.root.withdraw()

    # --- the way ---

    def run(self, wanted: Callable[[str], bool] = lambda _name: True) -> None:
        """All screens; of those that stand for themselves only what is ``wanted``."""
        for name, way in (
            ("organize", self.organize),
            ("sync", self.sync),
            ("import", self.photo_import),
            ("pages", self.pages),
        ):
            if wanted(name):
                way()

    def _scan(self, page: Any, folders: dict[str, str]) -> None:
        from image_sync.gui.job.state import State

        for name, folder in folders.items():
            page.model.pick_folder(name, os.fspath(self.place / folder))
        self.until(lambda: bool(page.model.can_scan))
        page._scan()
        self.until(lambda: page.model.state in (State.REVIEW, State.DONE))
        self.settle()

    def _apply(self, page: Any, name: str) -> None:
        from image_sync.gui.job.state import State

        page._ask_to_apply()
        self.see_dialog(f"{name}-confirm", "yes")
        self.until(lambda: page.model.state is State.DONE)
        self.see(f"{name}-result")

    def organize(self) -> None:
        """Folders to undo."""
        from image_sync.gui.compare.rendering import Mode
        from image_sync.gui.job.state import State

        page = self.page("organize")
        self.see("organize-empty")
        page.model.pick_folder("folder1", os.fspath(self.place / "nowhere"))
        self.see("organize-mistake")
        page.options._toggle()
        self.see("organize-options")
        page.options._toggle()
        self._scan(page, {"folder1": "Phone", "folder2": "Backup", "output": "Sorted"})
        self.until(lambda: bool(page.strips.complete))
        page.views.choose_group(0)
        self.see("organize-review")
        self.page("problems")
        self.see("problems-found")
        self.page("organize")
        page.show_view("table")
        self.see("organize-table")
        page.show_view("alone")
        self.see("organize-alone")
        page.show_view("tiles")
        page.views.choose_group(1)
        page.compare()
        view = page.comparing.view
        self.until(lambda: bool(view.complete))
        self.see("organize-side-by-side", view.winfo_toplevel())
        view.set_mode(Mode.SPLIT)
        self.see("organize-compare", view.winfo_toplevel())
        page.comparing.close()
        page.ask_for_rules()
        self.see_dialog("organize-rules", "cancel")
        self._apply(page, "organize")
        page.model.undo()
        self.until(lambda: page.model.state is State.DONE and page.model.outcome.undone)
        self.see("organize-undone")

    def sync(self) -> None:
        """Conflicts, and what is carried out."""
        page = self.page("sync")
        self.see("sync-empty")
        self._scan(page, {"source": "Laptop", "target": "Disk"})
        page._go_to_next_conflict()
        self.see("sync-conflicts")
        from image_sync.jobs.sync.model import Answer

        page._answer_chosen(Answer.SOURCE, True)
        self.settle()
        self._apply(page, "sync")

    def photo_import(self) -> None:
        """The tree of what goes where, a correction, and what is carried out."""
        page = self.page("import")
        self.see("import-empty")
        self._scan(page, {"folder1": "Card", "output": "Library"})
        self.see("import-review")
        first = next(key for key, one in page.model.rows.files.items() if one.target)
        page.tree.choose(first)
        self.settle()
        self.see("import-chosen")
        page._ask_to_correct()
        self.see_dialog("import-correct", "cancel")
        self._apply(page, "import")

    def pages(self) -> None:
        """The pages that every job fills."""
        for key in ("history", "settings", "help"):
            page = self.page(key)
            if key == "history" and page.model.runs:
                with contextlib.suppress(AttributeError):
                    page.table.select([page.model.runs[0].run])
            self.see(key)


def _below(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from _below(child)


# --- pictures of it ---------------------------------------------------------------------------------------------------


def speak(look: Look) -> None:
    """Let the window speak the language of a look."""
    from image_sync.gui.widgets import i18n

    if look.language != "pseudo":
        i18n.speak(look.language)
        return
    from tests.gui.catalogs import template

    words = (message.id for message in template() if message.id)
    i18n.speak("en", Pseudo(frozenset(word if isinstance(word, str) else word[0] for word in words)))


def shoot(window: tkinter.Misc, path: Path) -> None:
    """A picture of a window as it is on the screen, by ImageMagick."""
    window.update()
    subprocess.run(["import", "-window", str(window.winfo_id()), str(path)], check=True, capture_output=True)


def main() -> int:
    options = _options()
    if "IMAGE_SYNC_TOUR" not in os.environ:
        return _apart(options.scale)
    options.folder.mkdir(parents=True, exist_ok=True)
    wide, high = map(int, options.size.split("x"))
    look = Look(options.language, options.theme, options.scale, (wide, high))
    from image_sync.gui.preferences import Preferences
    from image_sync.gui.widgets import theme

    speak(look)
    root = theme.make_root(Preferences(theme=look.theme, scale=look.scale), dark=False, desktop_scale=None)
    place = Path(os.environ["IMAGE_SYNC_TOUR"]) / "Pictures"
    make_photos(place)

    report: dict[str, dict[str, list[str]]] = {}

    def look_at(name: str, window: tkinter.Misc) -> None:
        if options.report:
            report[name] = judged(window, place)
            return
        kept = GUIDE.get(name) if options.for_the_guide else name
        if kept:
            shoot(window, options.folder / f"{kept}.png")
            _compress(options.folder / f"{kept}.png")
            print(kept, flush=True)

    tour = Tour(root, look, place, look_at)
    tour.run(lambda name: not options.only or name in options.only)
    tour.close()
    root.destroy()
    if options.report:
        options.report.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


def _compress(path: Path) -> None:
    """Few colours are enough for a window, and a third of the bytes."""
    with Image.open(path) as opened:
        opened.convert("RGB").quantize(200).save(path, optimize=True)


def judged(window: tkinter.Misc, place: Path) -> dict[str, list[str]]:
    """What is wrong with a screen, by kind."""
    names = {word for path in (place, *place.rglob("*")) for word in re.findall(r"[^\W\d_]{3,}", str(path))}
    known = frozenset(names | FORMATS)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "screen.png"
        shoot(window, kept)
        with Image.open(kept) as opened:
            picture = opened.convert("RGB")
    return {
        "cut off": list(seen.cut_off(window)),
        "not translated": list(dict.fromkeys(seen.untranslated(window, known))),
        "faint": list(seen.faint(window, picture)),
    }


def _apart(scale: int) -> int:
    """The same in a process that has a display, a home and a folder of its own."""
    with _home() as home, virtual_display(SCREENS[scale]) as display:
        environment = {**os.environ, "IMAGE_SYNC_TOUR": home, "HOME": home, "DISPLAY": display, "LC_ALL": "C.UTF-8"}
        for name in ("CONFIG", "CACHE", "STATE", "DATA"):
            environment[f"XDG_{name}_HOME"] = os.path.join(home, name.lower())
        return subprocess.run([sys.executable, "-m", "tests.gui.tour", *sys.argv[1:]], env=environment).returncode


@contextlib.contextmanager
def _home() -> Iterator[str]:
    """A folder with a name that looks well on pictures, where nobody else has taken it."""
    fine = Path(tempfile.gettempdir()) / "ana"
    try:
        fine.mkdir()
    except FileExistsError:
        with tempfile.TemporaryDirectory() as other:
            yield other
        return
    try:
        yield os.fspath(fine)
    finally:
        shutil.rmtree(fine, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.gui.tour", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS, help="where the pictures go")
    parser.add_argument("--language", default="en", choices=("en", "de", "ja", "pseudo"))
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    parser.add_argument("--scale", type=int, default=100, choices=tuple(SCREENS))
    parser.add_argument("--size", default="1180x820", help="of the window, at 100 %%")
    parser.add_argument("--only", nargs="*", choices=("organize", "sync", "import", "pages"))
    parser.add_argument("--report", type=Path, help="write down what is wrong with each screen instead of pictures")
    parser.add_argument("--for-the-guide", action="store_true", help="those that the guide shows, under their names")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
