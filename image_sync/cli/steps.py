"""Steps that a job adds to the flow that all commands share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from image_sync import Review, check_request, job_class, make_job
from image_sync.base.model import Plan, Problem
from image_sync.cli import document
from image_sync.cli.document import Json
from image_sync.cli.report import Detail

if TYPE_CHECKING:
    from image_sync import Engine


Chosen = TypeVar("Chosen")
Found = TypeVar("Found", bound=Review[object])


class Steps(ABC, Generic[Chosen, Found]):
    """Steps that a job with a plan adds to the common flow; one subclass per job."""

    job: ClassVar[str]
    """The job's name in the registry."""
    places: Mapping[str, str]
    """The request's fields by the names that they have on the command line."""
    asks: ClassVar[bool] = True

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.said: tuple[str, ...] = ()
        """Notes on where the choices come from."""

    def request(self) -> Json:
        """The request, for the document."""
        return document.chosen(self.chosen)

    def check(self) -> Sequence[str]:
        """Mistakes of the request before anything starts, each with its name on the command line."""
        return [
            f"{self.places[field]}: {words}" if field in self.places else words for field, words in self.wrong().items()
        ]

    def wrong(self) -> Mapping[str, str]:
        """Mistakes that the job finds in the request, by the field's name, in words."""
        return check_request(self.job, self.chosen)

    @property
    def found(self) -> type[Found]:
        """Type of the review that the engine comes back with from ``start``."""
        return job_class(self.job).review_type

    def start(self, engine: Engine) -> None:
        """Set the engine to find out what there is to do."""
        engine.start(make_job(self.job, self.chosen))

    @abstractmethod
    def describe(self, found: Found, detail: Detail) -> Iterator[str]:
        """Lines of what was found and would be done."""

    def plan(self, found: Found) -> Plan:
        """The plan of the review."""
        return found.plan

    def problems(self, found: Found) -> Sequence[Problem]:
        """The problems met so far: those of the scan and of the plan."""
        return tuple(dict.fromkeys((*found.problems, *found.plan.problems)))

    def notes(self, found: Found) -> Sequence[str]:
        """Notes that the user should know besides."""
        return found.plan.notes

    def refusal(self, found: Found) -> str:  # noqa: ARG002 - for a job that refuses what it found
        """Reason why the plan may not be carried out, in words; empty when it may."""
        return ""

    def groups(self, found: Found) -> Sequence[Json]:  # noqa: ARG002 - for a job that finds groups
        """The groups of the document; empty for a job without."""
        return ()

    def files(self, found: Found) -> Sequence[Json]:  # noqa: ARG002 - for a job that tells of each file
        """The files of the document; empty for a job whose plan says it all."""
        return ()
