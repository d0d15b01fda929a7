"""Slimming of the environment that was made: the pip that is lent to it, and the folders of tests of its packages.

pip is needed while something is installed and never at a start, so it is taken away again; each installation is lent
it anew by the Python below.  Folders of tests come with many packages and are never imported.  An environment that has
a pip of its own was made by somebody, and nothing of this concerns it.  Everything here is done under the mark of an
unfinished environment (``making``).
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Iterable, Iterator

LENT = ("pip", "setuptools")
"""What ``ensurepip`` installs (setuptools up to Python 3.11)."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TESTS = "tests"


def site_packages(folder: str) -> list[str]:
    """Folders of the packages of the environment in ``folder``."""
    inner = ("Lib",) if os.name == "nt" else ("lib", "python*")
    return glob.glob(os.path.join(glob.escape(folder), *inner, "site-packages"))


def has_pip(folder: str) -> bool:
    """Whether the environment in ``folder`` has a pip."""
    return any(os.path.isdir(os.path.join(place, "pip")) for place in site_packages(folder))


def to_take_back(lists: Iterable[str]) -> list[str]:
    """Names of what was lent and is in none of ``lists`` (files of requirements, of locked ones too)."""
    wanted = {name.lower() for path in lists if os.path.exists(path) for name in _names(path)}
    return [name for name in LENT if name not in wanted]


def drop_tests(folder: str) -> None:
    """Remove what lies in the folders of tests of all packages.

    A module in one that is no test itself stays: NumPy's own helpers for the tests of others import such a one.
    """
    for place in site_packages(folder):
        for path, folders, _ in os.walk(place):
            if path != place and _TESTS in folders:
                folders.remove(_TESTS)
                _empty(os.path.join(path, _TESTS))


def _names(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if found := _NAME.match(line):
                yield found.group()


def _empty(tests: str) -> None:
    for entry in os.scandir(tests):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        elif not entry.name.endswith(".py") or entry.name.startswith(("test_", "conftest")):
            os.unlink(entry.path)
