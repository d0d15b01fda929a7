"""Types of the public face; ``__init__.py`` loads each name when it is asked for."""

from image_sync.api import apply as apply
from image_sync.api import close as close
from image_sync.api import find_missing as find_missing
from image_sync.api import find_picture as find_picture
from image_sync.api import find_similar as find_similar
from image_sync.api import history as history
from image_sync.api import import_photos as import_photos
from image_sync.api import organize as organize
from image_sync.api import sync as sync
from image_sync.api import undo as undo
from image_sync.apply.action_table import TABLE as ACTIONS
from image_sync.apply.action_table import ActionRow as ActionRow
from image_sync.apply.kept_state import StateRoom as StateRoom
from image_sync.apply.kept_state import clear as clear_state
from image_sync.apply.kept_state import rooms as state_rooms
from image_sync.apply.outlook import Outlook as Outlook
from image_sync.apply.trust import check_plan as check_plan
from image_sync.apply.versions import Kept as Kept
from image_sync.apply.versions import clear as clear_versions
from image_sync.apply.versions import kept as kept_versions
from image_sync.apply.versions import older_than as versions_older_than
from image_sync.base.events import Ending as Ending
from image_sync.base.events import Event as Event
from image_sync.base.events import Finished as Finished
from image_sync.base.events import Note as Note
from image_sync.base.events import ProblemFound as ProblemFound
from image_sync.base.events import Progress as Progress
from image_sync.base.events import Stage as Stage
from image_sync.base.events import StageBegan as StageBegan
from image_sync.base.model import Action as Action
from image_sync.base.model import ExitCode as ExitCode
from image_sync.base.model import FileKind as FileKind
from image_sync.base.model import Group as Group
from image_sync.base.model import Match as Match
from image_sync.base.model import Member as Member
from image_sync.base.model import Operation as Operation
from image_sync.base.model import Outcome as Outcome
from image_sync.base.model import Picture as Picture
from image_sync.base.model import Plan as Plan
from image_sync.base.model import Problem as Problem
from image_sync.base.model import Refused as Refused
from image_sync.base.model import RunResult as RunResult
from image_sync.base.model import RunState as RunState
from image_sync.base.model import RunSummary as RunSummary
from image_sync.base.model import Sameness as Sameness
from image_sync.base.model import Stamp as Stamp
from image_sync.base.model import Stopped as Stopped
from image_sync.cluster.request import Cluster as Cluster
from image_sync.cluster.request import cluster_of as cluster_of
from image_sync.engine import Engine as Engine
from image_sync.engine import describe_folder as describe_folder
from image_sync.jobs.job import Job as Job
from image_sync.jobs.job import Review as Review
from image_sync.jobs.organize.elsewhere import Elsewhere as Elsewhere
from image_sync.jobs.organize.elsewhere import FoundPicture as FoundPicture
from image_sync.jobs.organize.elsewhere import PictureSearch as PictureSearch
from image_sync.jobs.organize.missing import Missing as Missing
from image_sync.jobs.organize.missing import MissingFile as MissingFile
from image_sync.jobs.organize.missing import MissingSearch as MissingSearch
from image_sync.jobs.organize.missing import PresentFile as PresentFile
from image_sync.jobs.organize.model import OrganizeReview as OrganizeReview
from image_sync.jobs.organize.request import NAME as ORGANIZE
from image_sync.jobs.organize.request import Handling as Handling
from image_sync.jobs.organize.request import Level as Level
from image_sync.jobs.organize.request import OrganizeRequest as OrganizeRequest
from image_sync.jobs.organize.request import Preference as Preference
from image_sync.jobs.organize.rules.certainty import Certainty as Certainty
from image_sync.jobs.organize.rules.certainty import certainty_of as certainty_of
from image_sync.jobs.organize.rules.missing import Why as MissingWhy
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
from image_sync.jobs.sync.model import PERMIT_IN as PERMIT_IN
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
from image_sync.reports.page import check_place as check_report
from image_sync.reports.page import write_report as write_report

__version__: str
_NAMES: dict[str, tuple[str, str]]

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
    "PERMIT_IN",
    "RENAME_IN",
    "SYNC",
    "UPDATE",
    "Action",
    "ActionRow",
    "Answer",
    "Branch",
    "Certainty",
    "Cluster",
    "Correction",
    "Decision",
    "Deletions",
    "Elsewhere",
    "Ending",
    "Engine",
    "Entry",
    "EntryKind",
    "Event",
    "ExitCode",
    "Fate",
    "FileKind",
    "Finished",
    "FoundPicture",
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
    "Missing",
    "MissingFile",
    "MissingSearch",
    "MissingWhy",
    "Note",
    "Operation",
    "OrganizeRequest",
    "OrganizeReview",
    "Outcome",
    "Outlook",
    "Picture",
    "PictureSearch",
    "Placed",
    "Plan",
    "Preference",
    "PresentFile",
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
    "StateRoom",
    "Stopped",
    "SyncJob",
    "SyncKind",
    "SyncRequest",
    "SyncReview",
    "Transfer",
    "__version__",
    "apply",
    "certainty_of",
    "check_plan",
    "check_report",
    "check_request",
    "clear_state",
    "clear_versions",
    "close",
    "cluster_of",
    "describe_folder",
    "destination",
    "find_missing",
    "find_picture",
    "find_similar",
    "history",
    "import_photos",
    "job_class",
    "job_title",
    "kept_versions",
    "make_job",
    "organize",
    "state_rooms",
    "sync",
    "undo",
    "versions_older_than",
    "write_report",
]

def __dir__() -> list[str]: ...
