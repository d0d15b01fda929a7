"""The page *Import* without its widgets: what was chosen, what was found, what was corrected, what runs.

The way of the job is that of ``JobModel``; here is what a review of a library, and corrections, add to it.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from image_sync.base import paths
from image_sync.gui.job.confirm_model import Confirmation, file_actions, room
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.state import Part, State
from image_sync.gui.job.step_history import StepHistory
from image_sync.gui.photo_import import saved_corrections
from image_sync.gui.photo_import.confirm import confirmation, nothing_to_do
from image_sync.gui.photo_import.correction import CorrectionForm
from image_sync.gui.photo_import.form import ImportForm
from image_sync.gui.photo_import.rows import ImportRows
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.photo_import.model import Correction, Fate, ImportReview
from image_sync.jobs.photo_import.request import NAME, ImportRequest


class ImportModel(JobModel[ImportForm, ImportRequest, ImportReview]):
    """The state of the page and everything that a person can do on it."""

    key = NAME
    found = ImportReview
    rows: ImportRows | None = None
    history: StepHistory[Mapping[str, Correction], None]
    """What was corrected so far, by the absolute path of the picture, and the steps that led to it."""
    _planned: tuple[ImportRequest, Mapping[str, Correction]] | None = None

    # --- what may be pressed ---

    @property
    def can_correct(self) -> bool:
        """Whether dates and descriptions may be corrected."""
        return self.can_review and not self.stale

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        return super().can_apply and self._right and not self._checking and not self.refusal

    @property
    def refusal(self) -> str:
        """Reason why the plan may not be carried out, in words; empty when it may."""
        return self.rows.review.refusal if self.rows else ""

    @property
    def changes(self) -> int:
        """Number of files that the present plan touches."""
        if self.rows is None:
            return 0
        return sum(file_actions(self.plan).values())

    def take_places(self, name: str, places: Sequence[str]) -> None:
        """The user chose folders and archives elsewhere than by typing, for the field ``name``."""
        self.form.take_places(name, places)
        self._typed |= {name, self.form.others.name}
        self.look()

    # --- corrections ---

    @property
    def corrections(self) -> Mapping[str, Correction]:
        """Corrections that were made so far, by the absolute path of the picture."""
        return self.history.now

    def correction_form(self, keys: Iterable[str]) -> CorrectionForm | None:
        """Form to correct the selected files and folders; ``None`` when there is nothing to correct."""
        if not self.can_correct or self.rows is None:
            return None
        chosen = [self.rows.files[key] for key in self.rows.expanded(keys) if key in self.rows.files]
        arrivals = {arrival.path for arrival in self.rows.review.world.arrivals}
        chosen = [one for one in chosen if one.fate is not Fate.STAYS and one.arrival.path in arrivals]
        return CorrectionForm(chosen, self.rows.review.request, self.corrections) if chosen else None

    def correct(self, corrections: Mapping[str, Correction]) -> None:
        """Take these as all corrections; the plan follows."""
        if not self.can_correct:
            return
        before, after = self.corrections, dict(corrections)
        about = [path for path in {**before, **after} if before.get(path) != after.get(path)]
        name = shown(paths.name(about[0])) if len(about) == 1 else formatting.files(len(about))
        if self.history.take(_("correction of {what}").format(what=name), after):
            self._corrected()

    def undo(self) -> None:
        """Take back the newest correction of a review, else the run that was just applied."""
        if self.state is not State.REVIEW:
            super().undo()
            return
        step = self.history.undo() if self.can_correct else None
        if step is not None:
            self._corrected()
            self._say(_("Taken back: {what}").format(what=step.words))

    def redo(self) -> None:
        """Make the correction again that was taken back last."""
        step = self.history.redo() if self.can_correct else None
        if step is not None:
            self._corrected()
            self._say(_("Again: {what}").format(what=step.words))

    def _corrected(self) -> None:
        review, request, now = self._scanned, self._scanned_for, self.corrections
        if review is not None and request is not None:
            self._save_hand_work(lambda: saved_corrections.save(request, now, review.world.arrivals))
        self._plan_anew()

    def _decisions_kept(self, review: ImportReview) -> Callable[[], Mapping[str, Correction]]:
        request = self._scanned_for or review.request
        return lambda: saved_corrections.load(request, review.world.arrivals)

    def _decisions_in(self, work: Mapping[str, Any], review: ImportReview) -> Mapping[str, Correction]:
        return saved_corrections.understood(work, review.world.arrivals)

    def _hand_work(self, review: ImportReview) -> Mapping[str, Any]:
        return saved_corrections.document(self.corrections, review.world.arrivals)

    def _stamps(self, review: ImportReview) -> Mapping[str, Any]:
        return saved_corrections.stamps(review.world.arrivals)

    def _go_on_with(self, words: str, found: Mapping[str, Correction]) -> None:
        if self.can_correct and self.history.take(words, found):
            self._corrected()
            self._say(words)

    # --- what this job is ---

    def _make_form(self, preferences: Preferences) -> ImportForm:
        self.history = StepHistory({})
        return ImportForm(preferences)

    @property
    def request(self) -> ImportRequest:
        """The request as it is chosen now."""
        return self.form.request(self._memory.preferences)

    @property
    def review(self) -> ImportReview | None:
        """The review that is shown now."""
        return self.rows.review if self.rows is not None else None

    def _question(self) -> Callable[[], Confirmation]:
        assert self.review is not None
        review = self.review
        return lambda: confirmation(review, room(review.plan, self._port.device, self._port.free_space))

    def _forget(self) -> None:
        super()._forget()
        self.rows = self._planned = None
        self.history = StepHistory({})

    def _take_scan(self, review: ImportReview) -> None:
        self._planned = (self._scanned_for or review.request, {})
        self.rows = ImportRows(review)
        moved = any(one.fate is not Fate.IN_PLACE for one in review.placed)
        if review.plan.operations or moved or review.partial < 1.0:
            self.state = State.REVIEW
            self.options_changed()
            self._take_over(review)
        else:
            self.outcome, self.state = nothing_to_do(review), State.DONE
        self._tell(Part.ROWS)

    # --- plans that follow choices and corrections ---

    def _checked(self) -> None:
        """Make the plan anew when the choices, now known to be right, are others than it was made for."""
        self._tell(Part.STATE)
        if not self._right or self.state is not State.REVIEW or self.stale:
            return
        if self._planned != (self.request, self.corrections):
            self._plan_anew()

    def _plan_anew(self) -> None:
        scanned, before = self._scanned, self.rows
        if scanned is None or before is None:
            return
        wanted = self._planned = (self.request, self.corrections)

        def work() -> ImportRows:
            return ImportRows(self._engine_link.engine.replan(scanned, *wanted), before.filters, before.query)

        def take(rows: ImportRows) -> None:
            if self._scanned is scanned and self.state is State.REVIEW and self._planned == wanted:
                self._take(rows)

        self._replan(work, take, "import plan")

    def _plan_failed(self) -> None:
        self._planned = None

    def _take(self, rows: ImportRows) -> None:
        """Show rows that were made meanwhile, with the filters and the search as they are by now."""
        now = self.rows
        if now is not None and (rows.filters, rows.query) != (now.filters, now.query):
            rows = ImportRows(rows.review, now.filters, now.query)
        self.rows = rows
        self._tell(Part.ROWS, Part.STATE)
