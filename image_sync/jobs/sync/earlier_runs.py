"""Leftovers of earlier runs: journals that went on, and files that were never finished.

Nothing here undoes or resumes anything; that is for the user to choose.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable

from image_sync.apply import file_ops, journal
from image_sync.apply.locks import holder
from image_sync.base.model import Refused
from image_sync.base.own_files import TEMPORARY_PREFIX
from image_sync.jobs.sync.listing import RawListing
from image_sync.jobs.sync.memory import SyncMemory

_LEFTOVER = re.compile(re.escape(TEMPORARY_PREFIX.encode()) + rb"(.+)-\d+u?\.part")


def journal_size(run: str) -> int:
    """Bytes of a run's journal, which only ever grows; 0 when there is none."""
    try:
        return os.stat(os.path.join(journal.runs_folder(), run, journal.NAME)).st_size
    except OSError:
        return 0


def take_account(memory: SyncMemory) -> None:
    """Remember what was remembered before runs that were undone since they were accounted for.

    An undone run leaves both sides as they were before it, which looks like deletions; only its journal can tell.
    """
    for run, size in memory.runs().items():
        now = journal_size(run)
        if now and now != size:
            with contextlib.suppress(Refused):  # a damaged journal can't be undone either
                story = journal.load(run)
                if story.undo_begun or story.undone:
                    memory.take_back(run)
            memory.account(run, now)


def clear_leftovers(listings: Iterable[RawListing]) -> None:
    """Remove unfinished files that a run of ours left behind when its process was ended.

    Only those of runs whose journal is here and whose process is gone: they are copies of what stands elsewhere.
    """
    for listing in listings:
        for path in listing.leftovers:
            match = _LEFTOVER.fullmatch(os.path.basename(path))
            run = match[1].decode("ascii", "replace") if match else ""
            if run and journal_size(run) and not holder(os.path.join(journal.runs_folder(), run, journal.LOCK)):
                file_ops.remove_quietly(os.path.join(listing.root, os.fsdecode(path)))
