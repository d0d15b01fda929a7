"""Options on the command line, made from their declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from image_sync.base.options import options_of
from image_sync.cli import commands
from image_sync.cli.options_document import document
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import SyncRequest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = {
    "organize": """--threshold --level --rotations --exact-search --move --copy --link --gather --keep-best --link-exact
        --handling --include --exclude --min-size --reference --prefer --best-order""",
    "sync": """--auto-resolve --deletions --max-delete --mtime-tolerance --verify --log-file --include --exclude
        --images-only --litter""",
    "import": """--move --copy --small --live-together --by-name --rejudge --timezone --mtime-dates --flat-dates
        --prefix --ignore --convert --set-dates --audit --no-audit --crowded --include --exclude""",
}
COMMON = """--dry-run --yes --json --catalog --workers --verbose --quiet --help -y -v -q -h"""


@pytest.mark.parametrize("name", FLAGS)
def test_no_flag_that_people_use_is_gone(name: str) -> None:
    known = set(commands.command(name).parser()._option_string_actions)
    assert known >= set(FLAGS[name].split()) | set(COMMON.split())


@pytest.mark.parametrize("request_type", [OrganizeRequest, SyncRequest, ImportRequest])
def test_every_flag_has_words(request_type: type) -> None:
    for declared in options_of(request_type):
        option = declared.option
        if option.flag:
            assert option.help or all(value.help for value in (option.values or {}).values()), declared.name
            assert option.group, declared.name


def test_the_document_of_the_options_is_current() -> None:
    written = (ROOT / "docs" / "options.md").read_text(encoding="utf-8")
    assert written == document(), "python -m image_sync.cli.options_document > docs/options.md"
