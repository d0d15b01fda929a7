"""The locks name one version of all that the lists ask for, on every Python and system, with hashes of its files."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.lock": ["requirements.txt"],
    "requirements-test.lock": ["requirements.txt", "requirements-test.txt"],
}
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
SYSTEMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))
AGAIN = "make it anew with .ci/lock"


def listed(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a lock with its hashes."""
    text = "\n".join(line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#"))
    entries = text.replace(" \\\n", " ").splitlines()
    return [
        (Requirement(entry.split(" --hash=")[0].strip()), re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
        for entry in entries
    ]


def applies(marker: Marker | None, python: str, system: tuple[str, str, str]) -> bool:
    facts = {"python_version": python, "python_full_version": f"{python}.5", "implementation_name": "cpython"}
    facts |= {"sys_platform": system[0], "os_name": system[1], "platform_system": system[2]}
    return marker is None or marker.evaluate({**facts, "platform_python_implementation": "CPython"})


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system[0])
def test_each_machine_gets_one_version_that_the_lists_allow(
    name: str, python: str, system: tuple[str, str, str]
) -> None:
    chosen: dict[str, Requirement] = {}
    for one, _ in locked(name):
        if applies(one.marker, python, system):
            project = canonicalize_name(one.name)
            assert project not in chosen, f"{project} twice: {AGAIN}"
            chosen[project] = one
    for wanted in itertools.chain.from_iterable(map(listed, LOCKS[name])):
        found = chosen.get(canonicalize_name(wanted.name))
        assert found is not None, f"{wanted.name} is not locked: {AGAIN}"
        (pinned,) = found.specifier
        assert pinned.operator == "==" and wanted.specifier.contains(pinned.version), f"{found}: {AGAIN}"


@pytest.mark.parametrize("name", LOCKS)
def test_everything_has_hashes(name: str) -> None:
    entries = locked(name)
    assert len(entries) > 15
    assert [str(one) for one, hashes in entries if not hashes or len(set(hashes)) != len(hashes)] == []


def test_the_tests_run_with_what_the_user_gets() -> None:
    tested = {str(one): set(hashes) for one, hashes in locked("requirements-test.lock")}
    assert {str(one): set(hashes) for one, hashes in locked("requirements.lock")}.items() <= tested.items()
