"""Question before an import is carried out, beyond what every plan is asked.

Words made from values; no tkinter, no disk.
"""

from __future__ import annotations

from dataclasses import replace

from image_sync.gui.job import confirm_model
from image_sync.gui.job.confirm_model import CardContent, Confirmation
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs.photo_import.model import Fate, ImportReview
from image_sync.jobs.room import Room
from image_sync.jobs.transfer import Transfer


def confirmation(review: ImportReview, space: Room) -> Confirmation:
    """The question before the plan of ``review`` is applied."""
    asked = confirm_model.confirmation(review.plan, space, review.partial, len(review.problems))
    return replace(asked, question=_question(review), warnings=(*asked.warnings, *_warnings(review)), verb=_("Import"))


def _question(review: ImportReview) -> str:
    if review.request.transfer is Transfer.COPY:
        return _("The pictures are copied into the library. The input stays as it is.")
    packed = [operation.member is not None for operation in review.plan.operations if operation.source]
    if packed and all(packed):
        return _("The pictures are copied into the library. The archives stay as they are.")
    words = _("The pictures go into the library and leave the folder where they are now.")
    return words + " " + _("The archives stay as they are.") if any(packed) else words


def _warnings(review: ImportReview) -> tuple[str, ...]:
    warnings = []
    undated = sum(1 for placed in review.placed if placed.undated and placed.fate is Fate.NEW)
    if undated:
        words = ngettext(
            "{count} file has no date and goes to a folder of its own.",
            "{count} files have no date and go to a folder of their own.",
            undated,
        )
        warnings.append(words.format(count=formatting.count(undated)))
    makes_way = sum(not one.stays for one in review.displaced)
    if makes_way:
        words = ngettext(
            "{count} picture of the library is set aside: the same one comes to a better place.",
            "{count} pictures of the library are set aside: the same ones come to a better place.",
            makes_way,
        )
        warnings.append(words.format(count=formatting.count(makes_way)))
    return tuple(warnings)


def nothing_to_do(review: ImportReview) -> CardContent:
    """Words that are said when nothing would change."""
    facts = []
    here = review.count(Fate.IN_PLACE)
    known = review.count(Fate.KNOWN)
    if here:
        words = ngettext("{count} file is in its place.", "{count} files are in their place.", here)
        facts.append(words.format(count=formatting.count(here)))
    if known:
        words = ngettext("The library has {count} of them already.", "The library has all {count} already.", known)
        facts.append(words.format(count=formatting.count(known)))
    if review.problems:
        facts.append(_("What could not be read is listed in Problems."))
    return CardContent(
        _("There is nothing to do."), tuple(facts), not review.problems, can_undo=False, can_resume=False
    )
