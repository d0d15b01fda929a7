"""Words on what a run of *organize* made of its groups; no tkinter."""

from __future__ import annotations

from collections.abc import Iterator

from image_sync.base.model import Plan
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _, ngettext


def sorted_words(plan: Plan) -> Iterator[str]:
    """``136 groups (343 files), 63 without a match``: what the files of a plan are that was carried out."""
    in_groups = {operation.source: operation.group for operation in plan.operations if operation.group is not None}
    alone = {operation.source for operation in plan.operations if operation.group is None}
    if not in_groups:
        return
    groups, files = formatting.groups(len(set(in_groups.values()))), formatting.files(len(in_groups))
    if not alone:
        yield _("{groups} ({files})").format(groups=groups, files=files)
        return
    words = ngettext(
        "{groups} ({files}), {count} file without a match",
        "{groups} ({files}), {count} files without a match",
        len(alone),
    )
    yield words.format(groups=groups, files=files, count=formatting.count(len(alone)))
