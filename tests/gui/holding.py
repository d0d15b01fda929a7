"""Jobs that are surely in their middle: a scan that waits after a few pictures, a run that waits at a checkpoint."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from image_sync.base.control import Control


class HeldBack(Executor):
    """Reads a few pictures and then waits for ``gate``: a scan that is surely under way when it is stopped."""

    def __init__(self, free: int) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._free = free
        self.gate = threading.Event()
        self.holding = threading.Event()

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        def held() -> object:
            if self._free > 0:
                self._free -= 1
            else:
                self.holding.set()
                self.gate.wait(30.0)
            return fn(*args, **kwargs)

        future: Future[object] = self._pool.submit(held)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.gate.set()
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


class Gated(Control):
    """Lets the work come as far as checkpoint ``most`` and no farther until it is stopped."""

    most: int | None = None
    held = threading.Event()

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def checkpoint(self) -> None:
        self._count += 1
        while Gated.most is not None and self._count > Gated.most and not self.stopped:
            Gated.held.set()
            time.sleep(0.005)
        super().checkpoint()
