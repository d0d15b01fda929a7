"""Parts of the benchmark: each measures one thing, prints it beside its bound, and returns 1 where that is broken."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Part = Callable[[Path, argparse.Namespace], int]
JUMPS = 200
DECISIONS = 60


def told(name: str, value: float, unit: str, bound: float | None = None) -> bool:
    """Print a figure; whether it keeps its bound."""
    kept = bound is None or value <= bound
    beside = "" if bound is None else f"   (bound {bound:g} {unit}{'' if kept else ', BROKEN'})"
    print(f"{name:58}{value:10.1f} {unit}{beside}", flush=True)
    return kept


def memory() -> float:
    """Megabytes that this process has in memory now."""
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def first_window(_folder: Path, _options: argparse.Namespace) -> int:
    """From the start of Python to the window on the screen."""
    program = (
        "import image_sync.gui.app.launch as launch\n"
        "import image_sync.gui.widgets.theme as theme\n"
        "make = theme.make_root\n"
        "def made(*args):\n"
        "    root = make(*args)\n"
        "    def seen(event):\n"
        "        if event.widget is root: root.after_idle(lambda: (print(1, flush=True), root.destroy()))\n"
        "    root.bind('<Map>', seen, add='+')\n"
        "    return root\n"
        "theme.make_root = made\n"
        "try: launch.open_window()\n"
        "except Exception: pass\n"
    )
    from image_sync.gui.preferences import Preferences, save_preferences

    broken = False
    for name, greeted in (("the first start", False), ("any later one", True)):
        save_preferences(Preferences(greeted=greeted))
        times, work = [], []
        for _ in range(7):
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert process.stdout is not None
            process.stdout.readline()
            times.append((time.perf_counter() - began) * 1000)
            process.kill()
            _, _, used = os.wait4(process.pid, 0)
            work.append((used.ru_utime + used.ru_stime) * 1000)
        broken |= not told(f"first window, {name}, median of 7", statistics.median(times), "ms", 400)
        told("    of which the processor worked", statistics.median(work), "ms")
    return int(broken)


def large_review(folder: Path, options: argparse.Namespace) -> int:
    """Open, scroll and jump in a large review."""
    from benchmarks.gui.hand import Hand
    from benchmarks.gui.reviews import photos, review
    from image_sync.gui.job.port import real_port

    found = review(folder / "large", photos(folder / "photos", options.photos), options.groups)
    hand = Hand(real_port())
    page = hand.page
    hand.live(0.5)
    before, began = memory(), time.perf_counter()
    page.model._scanned, page.model._scanned_for = found, found.request
    page.model._take_scan(found)
    page.model._tell(*_all_parts())
    page._redraw()
    hand.root.update_idletasks()
    kept = told(
        f"{options.groups} groups, {options.groups * 4} files: opened", (time.perf_counter() - began) * 1000, "ms", 1000
    )
    hand.until(lambda: bool(page.strips.winfo_viewable()) and page.strips.complete)
    rendered, shown, busy = _jump(hand, JUMPS)
    kept &= told("a jump drawn, p50", percentile(rendered, 0.5), "ms")
    kept &= told("a jump drawn, p95", percentile(rendered, 0.95), "ms", 30)
    told("a jump drawn, p95 of the processor's time", percentile(busy, 0.95), "ms")
    kept &= told("thumbnails in sight after a jump, p50", percentile(shown, 0.5), "ms")
    kept &= told("thumbnails in sight after a jump, p95", percentile(shown, 0.95), "ms", 300)
    kept &= told("memory that the view took", memory() - before, "MB", 200)
    hand.close()
    return int(not kept)


def _all_parts() -> tuple[object, ...]:
    from image_sync.gui.job.state import Part as Changed

    return tuple(Changed)


def _jump(hand: object, times: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to draw what is in sight after a jump to anywhere, and until all of its pictures are there,
    and of the processor's time for the drawing."""
    strips, root = hand.page.strips, hand.root  # type: ignore[attr-defined]
    places = random.Random(1)
    rendered, shown, busy = [], [], []
    for number in range(times):
        began, worked = time.perf_counter(), time.thread_time()
        strips.canvas.yview_moveto(places.random())
        root.update_idletasks()
        rendered.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        if number < 40:
            hand.until(lambda: strips.complete)  # type: ignore[attr-defined]
            shown.append((time.perf_counter() - began) * 1000)
    return rendered, shown, busy


def decisions(folder: Path, options: argparse.Namespace) -> int:
    """From a key to the decision on the screen, with thousands of groups; and the keys that follow one another."""
    from benchmarks.gui.hand import Hand
    from benchmarks.gui.reviews import Planner, photos, review
    from image_sync.gui.job.port import Port, device, free_space

    found = review(folder / "decided", photos(folder / "photos", options.photos), options.decided)
    hand = Hand(Port(Planner, lambda _name, _request: {}, lambda _path, _control: "", free_space, device))  # type: ignore[arg-type,return-value]
    page = hand.page
    page.model._scanned, page.model._scanned_for = found, found.request
    page.model._take_scan(found)
    page.model._tell(*_all_parts())
    hand.until(lambda: bool(page.strips.winfo_viewable()) and page.strips.complete)
    times, busy = [], []
    for number in range(DECISIONS):
        deed = (page.toggle, page.keep_all, page.accept, page.leave)[number % 4]
        began, worked = time.perf_counter(), time.thread_time()
        deed()
        hand.root.update_idletasks()
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        hand.live(0.05 if number % 2 else 0.4)
    kept = told(f"{options.decided} groups: a decision shown, p50", percentile(times, 0.5), "ms", 50)
    kept &= told(f"{options.decided} groups: a decision shown, p95", percentile(times, 0.95), "ms", 50)
    told(f"{options.decided} groups: a decision, p95 of the processor's time", percentile(busy, 0.95), "ms")
    hand.until(lambda: hand.window.desk.background.idle)
    hand.close()
    return int(not kept)


def real_scan(folder: Path, options: argparse.Namespace) -> int:
    """Ticks of the event loop while real pictures are scanned on all cores."""
    from benchmarks.gui.hand import Hand
    from benchmarks.gui.reviews import photos
    from image_sync.gui.job.port import real_port
    from image_sync.gui.job.state import State

    sources = photos(folder / "photos", options.photos)
    _spread(sources, folder / "scanned", options.scanned)
    hand = Hand(real_port())
    page, model = hand.page, hand.page.model
    for name, place in (("folder1", "one"), ("folder2", "two"), ("output", "out")):
        model.pick_folder(name, os.fspath(folder / "scanned" / place))
    hand.until(lambda: bool(model.can_scan))
    model.scan()
    ticks = hand.timed(lambda: model.state is State.REVIEW)
    kept = told(f"{options.scanned} pictures scanned: a tick late, p95", ticks.percentile(0.95), "ms", 20)
    kept &= told(f"{options.scanned} pictures scanned: a tick late, most", max(ticks.late), "ms", 150)
    hand.until(lambda: bool(page.strips.complete))
    hand.close()
    return int(not kept)


def _spread(sources: list[Path], folder: Path, number: int) -> None:
    """Files of different bytes: each photo with a few bytes behind it, which no decoder minds."""
    for count in range(number):
        path = folder / ("one" if count % 2 else "two") / f"IMG_{count:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sources[count % len(sources)].read_bytes() + count.to_bytes(4, "big"))


def comparison(folder: Path, options: argparse.Namespace) -> int:
    """Flicker, drag and zoom of two photos of twelve megapixels."""
    from benchmarks.gui.hand import Hand
    from benchmarks.gui.reviews import photos, review
    from image_sync.gui.compare.rendering import Mode
    from image_sync.gui.job.port import real_port

    found = review(folder / "compared", photos(folder / "photos", options.photos), 3)
    hand = Hand(real_port())
    page = hand.page
    page.model._scanned, page.model._scanned_for = found, found.request
    page.model._take_scan(found)
    page.model._tell(*_all_parts())
    hand.until(lambda: bool(page.strips.winfo_viewable()) and page.strips.complete)
    began = time.perf_counter()
    page.compare()
    view = page.comparing.view
    hand.until(lambda: bool(view.complete))
    kept = told("two photos decoded whole and compared", (time.perf_counter() - began) * 1000, "ms")
    view.set_mode(Mode.FLICKER)
    hand.until(lambda: bool(view.complete))
    flickers = []
    for _ in range(40):
        began = time.perf_counter()
        view.stage.blink()
        hand.root.update_idletasks()
        flickers.append((time.perf_counter() - began) * 1000)
    kept &= told("flicker, p95", percentile(flickers, 0.95), "ms", 16)
    moves = []
    view.set_mode(Mode.SIDE)
    view.stage.one_to_one()
    for number in range(40):
        began = time.perf_counter()
        view.stage.move_by(7 if number % 20 < 10 else -7, 3)
        hand.until(lambda: bool(view.complete))
        moves.append((time.perf_counter() - began) * 1000)
    kept &= told("both moved and seen again, p95", percentile(moves, 0.95), "ms")
    hand.close()
    return int(not kept)


PARTS: dict[str, Part] = {
    "window": first_window,
    "review": large_review,
    "decisions": decisions,
    "scan": real_scan,
    "compare": comparison,
}
