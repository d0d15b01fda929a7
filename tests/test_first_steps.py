from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import first_steps


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the examples are for a shell")
def test_the_examples_show_what_the_program_does(tmp_path: Path) -> None:
    text = first_steps.DOCUMENT.read_text("utf-8")
    assert text.count("```console\n$ python3 main.py") >= 6
    now = first_steps.carried_out(text, tmp_path)
    assert first_steps.lasting(now) == first_steps.lasting(text), "write it anew: python -m tests.first_steps"
