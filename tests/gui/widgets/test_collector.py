from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest

from image_sync.gui.widgets.collector import Collector


class Circle:
    """Only garbage collection ends one; ``gone`` tells on which thread."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        self._gone, self._self = gone, self

    def __del__(self) -> None:
        self._gone.append(threading.current_thread())


def litter() -> list[list[int]]:
    """Enough new objects for Python's own collector to run three times over."""
    return [[number] for number in range(3 * gc.get_threshold()[0])]


def littered_on_a_thread() -> list[list[int]]:
    made: list[list[int]] = []
    thread = threading.Thread(target=lambda: made.extend(litter()))
    thread.start()
    thread.join()
    return made


@pytest.fixture
def made() -> Iterator[Collector]:
    gc.collect()
    yield (one := Collector())
    one.close()


def test_a_circle_ends_on_the_thread_of_the_turns(made: Collector) -> None:
    gone: list[threading.Thread] = []
    Circle(gone)
    kept = littered_on_a_thread()
    assert kept and gone == []
    made.turn()
    assert gone == [threading.current_thread()]


def test_nothing_is_collected_before_it_is_due(made: Collector) -> None:
    made.turn()
    gone: list[threading.Thread] = []
    Circle(gone)
    made.turn()
    assert gone == []


def test_a_threshold_of_none_is_heeded(made: Collector) -> None:
    before = gc.get_threshold()
    gone: list[threading.Thread] = []
    Circle(gone)
    kept = litter()
    gc.set_threshold(0, *before[1:])
    try:
        made.turn()
    finally:
        gc.set_threshold(*before)
    assert kept and gone == []


def test_full_collections_keep_their_distance(made: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(gc, "get_count", lambda: (10**6, 100, 100))
        patch.setattr(gc, "collect", lambda generation: (time.sleep(0.01), collected.append(generation)))
        for _ in range(3):
            made.turn()
    assert collected == [2, 1, 1]


def test_it_is_python_that_collects_again_afterwards() -> None:
    assert gc.isenabled()
    one = Collector()
    assert not gc.isenabled()
    inner = Collector()
    inner.close()
    assert not gc.isenabled(), "it was off before"
    gone: list[threading.Thread] = []
    Circle(gone)
    one.close()
    assert gc.isenabled()
    assert gone == [threading.current_thread()]
