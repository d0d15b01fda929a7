"""Searches without a plan in the common flow: started in the engine, followed, and taken into the document."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from image_sync.base.model import Problem, Stopped
from image_sync.cli import document
from image_sync.cli.session import Session


class Answer(Protocol):
    """Answer of a search."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of what could not be read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes that the user should know besides."""


AnswerT = TypeVar("AnswerT", bound=Answer)


class Search(Protocol):
    """Search that an engine can do; a frozen dataclass of what was asked."""

    @property
    def stages(self) -> int:
        """The stages of the search."""

    def __call__(self, context: Any) -> object:
        """The answer."""


def searched(session: Session, search: Search, kind: type[AnswerT]) -> AnswerT:
    """The answer of a search; raises ``Stopped`` when it was stopped before there was one, ``Refused``, ``Crashed``."""
    session.record.request = document.chosen(search)
    with session.engine() as engine:
        answer = session.follow(engine, lambda: engine.call(search, search.stages), kind)
    if answer is None:
        raise Stopped("What was read is remembered.")
    session.record.add_problems(answer.problems)
    session.record.add_notes(answer.notes)
    return answer
