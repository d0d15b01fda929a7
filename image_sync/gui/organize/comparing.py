"""Groups of *organize* as they are compared: the best picture left, the chosen one right, decided by the page's keys.

No tkinter: what is chosen is asked of the views, what is decided done by the page's deeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from image_sync.gui.compare.subject import Comparison, Deed, Shown
from image_sync.gui.organize.cards import card, chip_sentences, sentence
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _

if TYPE_CHECKING:
    from image_sync.gui.organize.decision_bar import Deeds
    from image_sync.gui.organize.table import Chosen


class Views(Protocol):
    """Views in which the page shows its groups."""

    @property
    def chosen(self) -> Chosen | None:
        """The group, and the picture where one is chosen."""

    @property
    def several(self) -> list[tuple[int, list[int]]]:
        """The groups of which something is chosen, with the chosen pictures."""

    def choose(self, group: int, picture: int) -> None:
        """Go to a picture of a group."""


class GroupSubject:
    """The chosen group; ``model`` gives the groups as they are decided now."""

    def __init__(self, model: Callable[[], GroupsModel | None], views: Views, deeds: Deeds) -> None:
        self._model, self._views, self._page = model, views, deeds

    def settle(self) -> None:
        """Choose, where a group as a whole is chosen, the first picture beside its best: decisions are about that."""
        model, chosen = self._model(), self._views.chosen
        if model is not None and chosen is not None and chosen.picture is None:
            members = model.review.groups[chosen.group].members
            self._views.choose(chosen.group, members[min(1, len(members) - 1)].picture)

    @property
    def comparison(self) -> Comparison | None:
        """The best of the group and the chosen picture; of two that are chosen both."""
        model, chosen = self._model(), self._views.chosen
        if model is None or chosen is None or chosen.group not in model.order:
            return None
        pictures = [member.picture for member in model.review.groups[chosen.group].members]
        marked = self._views.several[0][1] if self._views.several else []
        left, right = pictures[0], chosen.picture if chosen.picture is not None else pictures[1]
        if len(marked) == 2 and chosen.picture in marked:
            left = next(picture for picture in marked if picture != chosen.picture)
        active = 1
        if right == left:
            right, active = pictures[1], 0
        place = pictures.index(left if active == 0 else right)
        return Comparison(
            title=model.name(chosen.group),
            place=_("picture {number} of {all}").format(
                number=formatting.count(place + 1), all=formatting.count(len(pictures))
            ),
            left=self._shown(model, chosen.group, pictures.index(left)),
            right=self._shown(model, chosen.group, pictures.index(right)),
            active=active,
            sentence=self._sentence(model, chosen.group, pictures.index(right)),
        )

    def step_picture(self, step: int) -> None:
        """The next picture of the group, or the one before."""
        model, chosen = self._model(), self._views.chosen
        if model is None or chosen is None:
            return
        pictures = [member.picture for member in model.review.groups[chosen.group].members]
        now = pictures.index(chosen.picture) if chosen.picture in pictures else 0
        self._views.choose(chosen.group, pictures[min(max(now + step, 0), len(pictures) - 1)])

    def step_group(self, step: int) -> None:
        """The next group, or the one before."""
        model, chosen = self._model(), self._views.chosen
        if model is None or chosen is None or chosen.group not in model.order:
            return
        order = model.order
        group = order[min(max(order.index(chosen.group) + step, 0), len(order) - 1)]
        self._views.choose(group, model.review.groups[group].members[1].picture)

    @property
    def coming(self) -> Sequence[Shown]:
        """The next picture of the group, then the first two of the next group."""
        model, chosen = self._model(), self._views.chosen
        if model is None or chosen is None or chosen.group not in model.order:
            return ()
        members = model.review.groups[chosen.group].members
        pictures = [member.picture for member in members]
        now = pictures.index(chosen.picture) if chosen.picture in pictures else 0
        here = [self._shown(model, chosen.group, now + 1)] if now + 1 < len(pictures) else []
        place = model.order.index(chosen.group) + 1
        after = model.order[place : place + 1]
        return [*here, *(self._shown(model, group, number) for group in after for number in range(2))]

    @property
    def deeds(self) -> Sequence[Deed]:
        """The decisions of the page; letters are heard by the window."""
        page = self._page
        return (
            Deed(_("Reviewed"), "check-lg", _("Enter"), ("<Return>", "<KP_Enter>"), self._accept),
            Deed(_("Keep / duplicate"), "arrow-left-right", _("Space"), ("<space>",), page.toggle),
            Deed(_("Only this"), "1-circle", "K", (), page.keep_only),
            Deed(_("Keep all"), "check-all", "A", (), page.keep_all),
            Deed(_("Leave"), "circle", "L", (), page.leave),
            Deed(_("Best"), "star", "B", (), page.make_best),
            Deed(_("Not the same"), "x-circle", "N", (), page.not_the_same),
            Deed(_("Previous group"), "chevron-up", _("Up"), (), lambda: self.step_group(-1)),
            Deed(_("Next group"), "chevron-down", _("Down"), (), lambda: self.step_group(1)),
        )

    def _accept(self) -> None:
        self._page.accept()
        self.settle()

    def _shown(self, model: GroupsModel, group: int, place: int) -> Shown:
        told = card(model, group, place)
        record = model.picture(told.picture).record
        best = _("Best")
        state = f"{told.state} · ★ {best}" if told.best else f"{told.state} · {told.match}"
        turn = model.review.groups[group].members[place].turn
        return Shown(record.path, record.mtime_ns, told.name, told.folder, state, told.facts, turn)

    def _sentence(self, model: GroupsModel, group: int, place: int) -> str:
        told = card(model, group, place)
        differs = chip_sentences(told.chips)
        why = sentence(model, model.review.groups[group])
        return _("{why} The other: {differs}").format(why=why, differs=differs) if differs else why
