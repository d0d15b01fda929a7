"""What a job adds to the flow that all commands share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from image_sync.cli.document import Json
from image_sync.cli.report import Detail
from image_sync.model import Job, Plan, Problem

if TYPE_CHECKING:
    from image_sync.engine import Engine

Found = TypeVar("Found")


class Steps(ABC, Generic[Found]):
    """What a job that ends in a plan adds to the common flow; one subclass a job."""

    job: ClassVar[Job]
    found: type[Found]
    """What the engine comes back with from ``start``."""
    asks: ClassVar[bool] = True

    @abstractmethod
    def request(self) -> Json:
        """What was chosen, for the document."""

    @abstractmethod
    def check(self) -> Sequence[str]:
        """What is wrong with the request, in words, before anything starts."""

    @abstractmethod
    def start(self, engine: Engine) -> None:
        """Set the engine to find out what there is to do."""

    @abstractmethod
    def plan(self, found: Found) -> Plan:
        """What would be done."""

    @abstractmethod
    def describe(self, found: Found, detail: Detail) -> Iterator[str]:
        """What was found and would be done, as lines."""

    @abstractmethod
    def problems(self, found: Found) -> Sequence[Problem]:
        """The problems met so far."""

    @abstractmethod
    def notes(self, found: Found) -> Sequence[str]:
        """What the user should know besides."""

    @abstractmethod
    def groups(self, found: Found) -> Sequence[Json]:
        """The groups of the document; empty for a job without."""

    def files(self, found: Found) -> Sequence[Json]:  # noqa: ARG002 - for a job that tells of each file
        """The files of the document; empty for a job whose plan says it all."""
        return ()

    @abstractmethod
    def share(self, found: Found) -> float:
        """How much of the finding out was done (0-1) before a stop."""
