"""Image Sync: organize, sync and import photos, with a plan to look at first and an undo for every run.

This is the public face: what stands in ``__all__`` stays where it is, the rooms behind it may move.  Everything is
loaded at its first use.  ``docs/api.md`` has examples.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from image_sync.api import apply as apply
    from image_sync.api import close as close
    from image_sync.api import find_similar as find_similar
    from image_sync.api import history as history
    from image_sync.api import import_photos as import_photos
    from image_sync.api import organize as organize
    from image_sync.api import sync as sync
    from image_sync.api import undo as undo
    from image_sync.apply.action_table import TABLE as ACTIONS
    from image_sync.apply.action_table import ActionRow as ActionRow
    from image_sync.apply.versions import Kept as Kept
    from image_sync.apply.versions import clear as clear_versions
    from image_sync.apply.versions import kept as kept_versions
    from image_sync.apply.versions import older_than as versions_older_than
    from image_sync.base.model import Action as Action
    from image_sync.base.model import Ending as Ending
    from image_sync.base.model import Event as Event
    from image_sync.base.model import ExitCode as ExitCode
    from image_sync.base.model import FileKind as FileKind
    from image_sync.base.model import Finished as Finished
    from image_sync.base.model import Group as Group
    from image_sync.base.model import Match as Match
    from image_sync.base.model import Member as Member
    from image_sync.base.model import Note as Note
    from image_sync.base.model import Operation as Operation
    from image_sync.base.model import Outcome as Outcome
    from image_sync.base.model import Picture as Picture
    from image_sync.base.model import Plan as Plan
    from image_sync.base.model import Problem as Problem
    from image_sync.base.model import ProblemFound as ProblemFound
    from image_sync.base.model import Progress as Progress
    from image_sync.base.model import Refused as Refused
    from image_sync.base.model import RunResult as RunResult
    from image_sync.base.model import RunState as RunState
    from image_sync.base.model import RunSummary as RunSummary
    from image_sync.base.model import Sameness as Sameness
    from image_sync.base.model import Stage as Stage
    from image_sync.base.model import StageBegan as StageBegan
    from image_sync.base.model import Stamp as Stamp
    from image_sync.base.model import Stopped as Stopped
    from image_sync.engine import Engine as Engine
    from image_sync.engine import describe_folder as describe_folder
    from image_sync.jobs.job import Job as Job
    from image_sync.jobs.job import Review as Review
    from image_sync.jobs.organize.model import OrganizeReview as OrganizeReview
    from image_sync.jobs.organize.request import NAME as ORGANIZE
    from image_sync.jobs.organize.request import Handling as Handling
    from image_sync.jobs.organize.request import Level as Level
    from image_sync.jobs.organize.request import OrganizeRequest as OrganizeRequest
    from image_sync.jobs.organize.request import Preference as Preference
    from image_sync.jobs.organize.similar import Similar as Similar
    from image_sync.jobs.organize.similar import SimilarGroup as SimilarGroup
    from image_sync.jobs.organize.similar import SimilarPicture as SimilarPicture
    from image_sync.jobs.photo_import.model import Branch as Branch
    from image_sync.jobs.photo_import.model import Correction as Correction
    from image_sync.jobs.photo_import.model import Fate as Fate
    from image_sync.jobs.photo_import.model import ImportReview as ImportReview
    from image_sync.jobs.photo_import.model import Placed as Placed
    from image_sync.jobs.photo_import.request import NAME as IMPORT
    from image_sync.jobs.photo_import.request import ImportRequest as ImportRequest
    from image_sync.jobs.photo_import.rules.places import BY_FOLDER as BY_FOLDER
    from image_sync.jobs.photo_import.rules.tree import destination as destination
    from image_sync.jobs.registry import JOBS as JOBS
    from image_sync.jobs.registry import JobEntry as JobEntry
    from image_sync.jobs.registry import check as check_request
    from image_sync.jobs.registry import job_class as job_class
    from image_sync.jobs.registry import make as make_job
    from image_sync.jobs.registry import title as job_title
    from image_sync.jobs.sync.job import SyncJob as SyncJob
    from image_sync.jobs.sync.model import COPY_TO as COPY_TO
    from image_sync.jobs.sync.model import DELETE_IN as DELETE_IN
    from image_sync.jobs.sync.model import RENAME_IN as RENAME_IN
    from image_sync.jobs.sync.model import UPDATE as UPDATE
    from image_sync.jobs.sync.model import Answer as Answer
    from image_sync.jobs.sync.model import Decision as Decision
    from image_sync.jobs.sync.model import Entry as Entry
    from image_sync.jobs.sync.model import EntryKind as EntryKind
    from image_sync.jobs.sync.model import Kind as SyncKind
    from image_sync.jobs.sync.model import Side as Side
    from image_sync.jobs.sync.model import SyncReview as SyncReview
    from image_sync.jobs.sync.request import NAME as SYNC
    from image_sync.jobs.sync.request import Deletions as Deletions
    from image_sync.jobs.sync.request import SyncRequest as SyncRequest
    from image_sync.jobs.transfer import Transfer as Transfer
    from image_sync.matching.threshold import HIGHEST_THRESHOLD as HIGHEST_THRESHOLD
    from image_sync.matching.threshold import LOWEST_THRESHOLD as LOWEST_THRESHOLD

_NAMES: dict[str, tuple[str, str]] = {
    "ACTIONS": ("apply.action_table", "TABLE"),
    "Action": ("base.model", "Action"),
    "ActionRow": ("apply.action_table", "ActionRow"),
    "Answer": ("jobs.sync.model", "Answer"),
    "BY_FOLDER": ("jobs.photo_import.rules.places", "BY_FOLDER"),
    "Branch": ("jobs.photo_import.model", "Branch"),
    "COPY_TO": ("jobs.sync.model", "COPY_TO"),
    "Correction": ("jobs.photo_import.model", "Correction"),
    "DELETE_IN": ("jobs.sync.model", "DELETE_IN"),
    "Decision": ("jobs.sync.model", "Decision"),
    "Deletions": ("jobs.sync.request", "Deletions"),
    "Ending": ("base.model", "Ending"),
    "Engine": ("engine", "Engine"),
    "Entry": ("jobs.sync.model", "Entry"),
    "EntryKind": ("jobs.sync.model", "EntryKind"),
    "Event": ("base.model", "Event"),
    "ExitCode": ("base.model", "ExitCode"),
    "Fate": ("jobs.photo_import.model", "Fate"),
    "FileKind": ("base.model", "FileKind"),
    "Finished": ("base.model", "Finished"),
    "Group": ("base.model", "Group"),
    "HIGHEST_THRESHOLD": ("matching.threshold", "HIGHEST_THRESHOLD"),
    "Handling": ("jobs.organize.request", "Handling"),
    "IMPORT": ("jobs.photo_import.request", "NAME"),
    "ImportRequest": ("jobs.photo_import.request", "ImportRequest"),
    "ImportReview": ("jobs.photo_import.model", "ImportReview"),
    "JOBS": ("jobs.registry", "JOBS"),
    "Job": ("jobs.job", "Job"),
    "JobEntry": ("jobs.registry", "JobEntry"),
    "Kept": ("apply.versions", "Kept"),
    "LOWEST_THRESHOLD": ("matching.threshold", "LOWEST_THRESHOLD"),
    "Level": ("jobs.organize.request", "Level"),
    "Match": ("base.model", "Match"),
    "Member": ("base.model", "Member"),
    "Note": ("base.model", "Note"),
    "ORGANIZE": ("jobs.organize.request", "NAME"),
    "Operation": ("base.model", "Operation"),
    "OrganizeRequest": ("jobs.organize.request", "OrganizeRequest"),
    "OrganizeReview": ("jobs.organize.model", "OrganizeReview"),
    "Outcome": ("base.model", "Outcome"),
    "Picture": ("base.model", "Picture"),
    "Placed": ("jobs.photo_import.model", "Placed"),
    "Plan": ("base.model", "Plan"),
    "Preference": ("jobs.organize.request", "Preference"),
    "Problem": ("base.model", "Problem"),
    "ProblemFound": ("base.model", "ProblemFound"),
    "Progress": ("base.model", "Progress"),
    "RENAME_IN": ("jobs.sync.model", "RENAME_IN"),
    "Refused": ("base.model", "Refused"),
    "Review": ("jobs.job", "Review"),
    "RunResult": ("base.model", "RunResult"),
    "RunState": ("base.model", "RunState"),
    "RunSummary": ("base.model", "RunSummary"),
    "SYNC": ("jobs.sync.request", "NAME"),
    "Sameness": ("base.model", "Sameness"),
    "Side": ("jobs.sync.model", "Side"),
    "Similar": ("jobs.organize.similar", "Similar"),
    "SimilarGroup": ("jobs.organize.similar", "SimilarGroup"),
    "SimilarPicture": ("jobs.organize.similar", "SimilarPicture"),
    "Stage": ("base.model", "Stage"),
    "StageBegan": ("base.model", "StageBegan"),
    "Stamp": ("base.model", "Stamp"),
    "Stopped": ("base.model", "Stopped"),
    "SyncJob": ("jobs.sync.job", "SyncJob"),
    "SyncKind": ("jobs.sync.model", "Kind"),
    "SyncRequest": ("jobs.sync.request", "SyncRequest"),
    "SyncReview": ("jobs.sync.model", "SyncReview"),
    "Transfer": ("jobs.transfer", "Transfer"),
    "UPDATE": ("jobs.sync.model", "UPDATE"),
    "apply": ("apply", ""),
    "check_request": ("jobs.registry", "check"),
    "clear_versions": ("apply.versions", "clear"),
    "close": ("api", "close"),
    "describe_folder": ("engine", "describe_folder"),
    "destination": ("jobs.photo_import.rules.tree", "destination"),
    "find_similar": ("api", "find_similar"),
    "history": ("api", "history"),
    "import_photos": ("api", "import_photos"),
    "job_class": ("jobs.registry", "job_class"),
    "job_title": ("jobs.registry", "title"),
    "kept_versions": ("apply.versions", "kept"),
    "make_job": ("jobs.registry", "make"),
    "organize": ("api", "organize"),
    "sync": ("api", "sync"),
    "undo": ("api", "undo"),
    "versions_older_than": ("apply.versions", "older_than"),
}
"""Where each public name stands: module and name in it (none for a package that can be called)."""

__all__ = [
    "ACTIONS",
    "BY_FOLDER",
    "COPY_TO",
    "DELETE_IN",
    "HIGHEST_THRESHOLD",
    "IMPORT",
    "JOBS",
    "LOWEST_THRESHOLD",
    "ORGANIZE",
    "RENAME_IN",
    "SYNC",
    "UPDATE",
    "Action",
    "ActionRow",
    "Answer",
    "Branch",
    "Correction",
    "Decision",
    "Deletions",
    "Ending",
    "Engine",
    "Entry",
    "EntryKind",
    "Event",
    "ExitCode",
    "Fate",
    "FileKind",
    "Finished",
    "Group",
    "Handling",
    "ImportRequest",
    "ImportReview",
    "Job",
    "JobEntry",
    "Kept",
    "Level",
    "Match",
    "Member",
    "Note",
    "Operation",
    "OrganizeRequest",
    "OrganizeReview",
    "Outcome",
    "Picture",
    "Placed",
    "Plan",
    "Preference",
    "Problem",
    "ProblemFound",
    "Progress",
    "Refused",
    "Review",
    "RunResult",
    "RunState",
    "RunSummary",
    "Sameness",
    "Side",
    "Similar",
    "SimilarGroup",
    "SimilarPicture",
    "Stage",
    "StageBegan",
    "Stamp",
    "Stopped",
    "SyncJob",
    "SyncKind",
    "SyncRequest",
    "SyncReview",
    "Transfer",
    "__version__",
    "apply",
    "check_request",
    "clear_versions",
    "close",
    "describe_folder",
    "destination",
    "find_similar",
    "history",
    "import_photos",
    "job_class",
    "job_title",
    "kept_versions",
    "make_job",
    "organize",
    "sync",
    "undo",
    "versions_older_than",
]


def __getattr__(name: str) -> Any:
    """The public name, loaded now."""
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, inner = _NAMES[name]
    home = import_module(f"{__name__}.{module}")
    found = globals()[name] = getattr(home, inner) if inner else home
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
