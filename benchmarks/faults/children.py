"""Work in a forked child: what it comes to, or that it was killed."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.faults.calls import Counter, Watch
from image_sync.base.model import Refused


@dataclass(frozen=True, slots=True)
class Ended:
    """End of a child: ``killed``, or with its ``result``, a refusal or a fault in words; how many calls it made."""

    killed: bool = False
    result: Any = None
    refused: str = ""
    fault: str = ""
    calls: int = 0


def attacked(
    work: Callable[[], Any], watch: Watch, *, reads: bool = False, after: Callable[[], None] | None = None
) -> Ended:
    """Do ``work`` in a child all of whose calls ``watch`` sees; ``after`` is called when it has ended by itself."""

    def watched() -> Ended:
        counter = Counter(watch, reads=reads)
        counter.install()
        ended = _ended(work, counter)
        if after is not None:
            after()
        return ended

    return forked(watched)


def _ended(work: Callable[[], Any], counter: Counter) -> Ended:
    try:
        result, refused, fault = work(), "", ""
    except Refused as refusal:
        result, refused, fault = None, str(refusal), ""
    except BaseException:
        result, refused, fault = None, "", traceback.format_exc()
    return Ended(result=result, refused=refused, fault=fault, calls=counter.count)


def forked(work: Callable[[], Ended]) -> Ended:
    """What ``work`` returns in a child, or that it was killed.  Raises ``RuntimeError`` for any other end."""
    reading, writing = os.pipe()
    write, leave = os.write, os._exit
    child = os.fork()
    if child == 0:
        try:
            data = memoryview(pickle.dumps(work()))
        except BaseException:
            data = memoryview(pickle.dumps(Ended(fault=traceback.format_exc())))
        while data:
            data = data[write(writing, data) :]
        leave(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) != 9:
            raise RuntimeError(f"the child was ended by signal {os.WTERMSIG(status)}")
        return Ended(killed=True)
    ended: Ended = pickle.loads(said)
    return ended
