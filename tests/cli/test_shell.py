"""Completion and the man page: made of the declared options, current, and clean to those who read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from image_sync.cli import commands
from image_sync.cli.shell import man_page
from image_sync.cli.shell.command import _SHELLS
from image_sync.cli.shell.completion import SHELLS, script
from image_sync.cli.shell.declared import described
from tests.cli.made import Line

bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
groff = pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")


def test_every_command_and_option_is_described() -> None:
    assert [one.command.name for one in described()] == list(commands.names())
    for one in described():
        known = set(one.command.parser()._option_string_actions)
        assert {name for flag in one.flags for name in flag.names} == known


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_knows_every_command_and_option(line: Line, shell: str) -> None:
    ran = line.run("completion", shell)
    assert ran.code == 0 and ran.out == script(shell) and ran.out.isascii()
    for one in described():
        assert one.command.name in ran.out
        for flag in one.flags:
            for name in flag.names:
                wanted = name.lstrip("-") if shell == "fish" else name
                assert wanted in ran.out, (shell, name)


def test_the_shells_of_the_command_are_those_of_the_scripts() -> None:
    assert set(_SHELLS) == set(SHELLS)


def test_another_shell_is_wrong_usage(line: Line) -> None:
    ran = line.run("completion", "tcsh")
    assert ran.code == 2 and "SHELL is one of bash, zsh, fish, powershell, not 'tcsh'" in ran.err


@pytest.mark.parametrize("shell", ["zsh", "fish", "bash"])
def test_quotes_are_balanced_on_every_line(shell: str) -> None:
    for text in script(shell).splitlines():
        plain = re.sub(r"'\\''", "", text)
        if not plain.lstrip().startswith("#"):
            assert plain.count("'") % 2 == 0, text


def completed(tmp_path: Path, *words: str) -> set[str]:
    """What bash offers for the last word."""
    place = tmp_path / "completion.bash"
    place.write_text(script("bash"))
    array = " ".join(f"'{word}'" for word in words)
    code = (
        f"set -eu; . {place}; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; _image_sync; "
        "printf '%s\\n' ${COMPREPLY[@]+\"${COMPREPLY[@]}\"}"
    )
    ran = subprocess.run(["bash", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.returncode == 0 and not ran.stderr, ran.stderr
    return set(ran.stdout.split())


@bash
@pytest.mark.parametrize(
    ("words", "has", "lacks"),
    [
        (("image-sync", "o"), {"organize"}, {"sync"}),
        (("image-sync", ""), {"organize", "sync", "import", "undo", "--version"}, {"--copy"}),
        (("image-sync", "organize", "--thr"), {"--threshold"}, {"--copy"}),
        (("image-sync", "organize", "A", "--"), {"--copy", "--dry-run", "--kinds"}, {"--auto-resolve"}),
        (("image-sync", "organize", "--level", ""), {"exact", "pixels", "same", "edited"}, {"organize"}),
        (("image-sync", "sync", "A", "B", "--auto-resolve", "k"), {"keep-both"}, {"source"}),
        (("image-sync", "completion", ""), {"bash", "zsh", "fish", "powershell"}, set()),
        (("image-sync", "presets", "s"), {"show", "save"}, {"list"}),
        (("image-sync", "import", "--small", "--co"), {"--convert", "--copy"}, set()),
        (("image-sync", "organize", "--threshold", "--co"), set(), {"--copy"}),
        (("image-sync", "organize", "A", "--json", "o"), set(), {"organize"}),
    ],
)
def test_bash_completes(tmp_path: Path, words: tuple[str, ...], has: set[str], lacks: set[str]) -> None:
    found = completed(tmp_path, *words)
    assert has <= found and not lacks & found


@bash
def test_bash_takes_the_script() -> None:
    subprocess.run(["bash", "-n"], input=script("bash"), text=True, check=True)


def test_the_man_page_is_current() -> None:
    assert man_page.PLACE.read_text(encoding="utf-8") == man_page.page(), "python -m image_sync.cli.shell.man_page"


@groff
def test_the_man_page_is_clean() -> None:
    for command in (
        ["groff", "-man", "-ww", "-Tutf8", os.fspath(man_page.PLACE)],
        ["groff", "-mandoc", "-ww", "-Tascii", os.fspath(man_page.PLACE)],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", ran.stdout)
    for one in described():
        assert f"image-sync {one.command.name}" in shown
    assert "--files-from" in shown and "IMAGE_SYNC_DRY_RUN" in shown


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_shows_it_without_a_warning() -> None:
    command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", os.fspath(man_page.PLACE)]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_whole_text_of_the_help_is_in_the_page() -> None:
    page = man_page.page().replace("\\", "")
    for one in described():
        for flag in one.flags:
            assert man_page._text(flag.help).replace("\\", "") in page


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("organize A B --thresh 0.9", "; did you mean '--threshold'? Try 'image-sync organize --help'."),
        ("organize A B --dryrun", "; did you mean '--dry-run'? Try"),
        ("organize A B --max-sise=5k", "; did you mean '--max-size'? Try"),
        ("organize A B --zzzzzz", "there is no such option or argument here: --zzzzzz. Try"),
        ("hystory", "there is no command 'hystory'; did you mean 'history'?"),
        ("--versoin", "there is no option '--versoin'; did you mean '--version'?"),
    ],
)
def test_did_you_mean(line: Line, argv: str, said: str) -> None:
    ran = line.run(*argv.split())
    assert ran.code == 2 and said in ran.err
