"""Running a function as somebody who is not root, so that permissions are real wherever the suite runs."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

NOBODY = 65534


@contextlib.contextmanager
def without_privileges(*folders: Path) -> Iterator[Callable[..., Any]]:
    """Give a function that calls another one in a child without root's rights and returns its result.

    ``folders`` are made reachable for that child (their content belongs to it afterwards).  Who is not root calls it
    right here.
    """
    if os.name == "nt" or os.geteuid() != 0:
        yield lambda function, *arguments: function(*arguments)
        return
    for folder in folders:
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                with contextlib.suppress(OSError):
                    parent.chmod(parent.stat().st_mode | 0o055)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    yield _call


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(theirs, function, arguments))
    child.start()
    theirs.close()
    try:
        ended, value = ours.recv()
    except EOFError:
        raise AssertionError("the child died") from None
    finally:
        child.join(30)
    if not ended:
        raise AssertionError(value)
    return value


def _child(connection: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        connection.send((True, function(*arguments)))
    except BaseException:
        connection.send((False, traceback.format_exc()))
    finally:
        connection.close()
        os._exit(0)


def obey_permissions() -> None:
    """Let what this process starts heed the permissions of files, also when it is root: for ``preexec_fn``.

    It stays who it is, so that it can read what is the user's own, such as an interpreter.
    """
    import ctypes

    prctl, drop_from_bounding_set = ctypes.CDLL(None).prctl, 24
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(drop_from_bounding_set, capability, 0, 0, 0)
