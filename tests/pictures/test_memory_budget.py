"""The common purse: enormous pictures take turns, small ones never wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from image_sync.pictures.errors import Unreadable
from image_sync.pictures.memory_budget import FREE, MOST, MemoryBudget, affordable


def test_no_more_is_taken_together_than_there_is() -> None:
    purse, lock = MemoryBudget(10 * FREE), threading.Lock()
    held, most = 0, 0
    entered = threading.Semaphore(0)

    def take(amount: int) -> None:
        nonlocal held, most
        with purse.holding(amount):
            with lock:
                held += amount
                most = max(most, held)
            entered.release()
            threading.Event().wait(0.002)
            with lock:
                held -= amount

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, [4 * FREE, 5 * FREE, 3 * FREE, 7 * FREE] * 8))
    assert held == 0
    assert 5 * FREE <= most <= 10 * FREE


def test_who_needs_more_than_there_is_goes_alone() -> None:
    purse = MemoryBudget(10 * FREE)
    inside = threading.Event()
    done = []

    def small() -> None:
        inside.wait(10)
        with purse.holding(4 * FREE):
            done.append("small")

    with ThreadPoolExecutor(1) as pool:
        with purse.holding(50 * FREE):
            waiting = pool.submit(small)
            inside.set()
            done.append("large")
        waiting.result(10)
    assert done == ["large", "small"]


def test_a_little_never_waits() -> None:
    purse = MemoryBudget(10 * FREE)
    with purse.holding(50 * FREE), purse.holding(FREE):
        pass


def test_what_was_taken_is_given_back_after_an_error() -> None:
    purse = MemoryBudget(10 * FREE)
    for _ in range(3):
        with pytest.raises(KeyError), purse.holding(10 * FREE):
            raise KeyError
    with purse.holding(10 * FREE):
        pass


def test_what_can_be_afforded() -> None:
    affordable(10, 10, MOST)
    with pytest.raises(Unreadable, match=r"900 million pixels \(30000 × 30000\)"):
        affordable(30_000, 30_000, MOST + 1)
