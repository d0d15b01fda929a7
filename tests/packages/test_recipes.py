"""What the frozen program is made of, as far as that can be told without building it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def freeze() -> ModuleType:
    spec = importlib.util.spec_from_file_location("freeze", ROOT / "packaging" / "freeze.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_part_of_the_frozen_program_has_the_version_that_was_tested(freeze: ModuleType) -> None:
    locked = {canonicalize_name(Requirement(line).name) for line in freeze.constraints()}
    assert [name for name in freeze.requirements() if canonicalize_name(name) not in locked] == []


def test_no_part_of_the_frozen_program_is_under_the_gpl(freeze: ModuleType) -> None:
    assert {"pillow-heif", "opencv-python", "imagehash"} & set(freeze.requirements()) == set()
    assert {"pi-heif", "opencv-python-headless"} <= set(freeze.requirements())


def test_a_part_with_another_version_than_what_it_replaces_has_its_own(freeze: ModuleType) -> None:
    (chosen,) = [line for line in freeze.constraints() if line.startswith("pi-heif==")]
    assert chosen in (ROOT / "requirements-test.lock").read_text("utf-8")
