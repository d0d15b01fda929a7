"""A reader of HEIC that does to its process what the file says.  Only worker processes find it on their path."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path
from typing import BinaryIO, NoReturn

MARK = b"PLANTED "


class HeifImageFile:
    """It never gives a picture."""

    def __init__(self, stream: BinaryIO) -> None:
        word = stream.read().partition(MARK)[2].decode()
        deed, _, argument = word.partition(" ")
        DEEDS[deed](argument)


def segfault(_: str) -> None:
    ctypes.string_at(0)


def abort(_: str) -> None:
    os.abort()


def leave(_: str) -> None:
    os._exit(3)


def be_killed(_: str) -> None:
    os.kill(os.getpid(), 9)


def compute(_: str) -> NoReturn:
    while True:
        pass


def sleep(_: str) -> None:
    time.sleep(10_000)


def hold_the_lock(_: str) -> None:
    """Python's lock is held all the while: no other thread of the process can do anything."""
    ctypes.PyDLL(None).sleep(10_000)


def eat(_: str) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(b"x" * (16 << 20)))


def eat_in_c(_: str) -> None:
    """As a C library does: what it gets it fills, and what it doesn't get it does not ask for twice."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while place := libc.malloc(16 << 20):
        ctypes.memset(place, 1, 16 << 20)
    os.abort()


def crash_once(path: str) -> None:
    if not os.path.exists(path):
        Path(path).touch()
        segfault(path)
    raise ValueError("data is corrupt")


DEEDS = {
    deed.__name__: deed
    for deed in (segfault, abort, leave, be_killed, compute, sleep, hold_the_lock, eat, eat_in_c, crash_once)
}
