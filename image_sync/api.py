"""Functions of the public face: each starts one job in an engine, waits for its end and gives its result.

They are for scripts.  A program with a screen of its own starts its jobs in an ``Engine`` and draws its events.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from image_sync.base.events import Ending, Event, Finished
from image_sync.base.model import Plan, Refused, RunResult, RunSummary, Stopped
from image_sync.engine import Engine
from image_sync.jobs import registry

if TYPE_CHECKING:
    from image_sync.inventory.context import RunContext
    from image_sync.jobs.job import Job, Review
    from image_sync.jobs.organize.elsewhere import Elsewhere
    from image_sync.jobs.organize.missing import Missing
    from image_sync.jobs.organize.model import OrganizeReview
    from image_sync.jobs.organize.request import Level, OrganizeRequest
    from image_sync.jobs.organize.similar import Similar
    from image_sync.jobs.photo_import.model import ImportReview
    from image_sync.jobs.photo_import.request import ImportRequest
    from image_sync.jobs.sync.model import SyncReview
    from image_sync.jobs.sync.request import SyncRequest

Listener = Callable[[Event], None]
Place = str | os.PathLike[str]
_SIMILAR_STAGES = 5
_STOP_AGAIN = 1.0
"""Seconds after which a stop is said again: the first lets a job make something of what it has read so far."""
_made: list[Engine] = []


def find_similar(
    places: Iterable[Place] | Place,
    level: Level | None = None,
    threshold: float | None = None,
    *,
    engine: Engine | None = None,
    listener: Listener | None = None,
) -> Similar:
    """Groups of the same and similar pictures in folders (with all below them) and files; nothing is changed.

    ``level`` is how much two pictures may differ (default: ``Level.SAME_SHOT``), ``threshold`` how similar they must be
    (0.50-0.99, default 0.85).  No places, or none with a picture, give no groups; a file that is no picture is one of
    the result's problems.  Raises ``Refused`` for a place that is not there and a threshold out of bounds,
    ``ValueError`` for a level that there is not.
    """
    from image_sync.jobs.organize.request import OrganizeRequest
    from image_sync.jobs.organize.similar import SimilarScan

    request = OrganizeRequest((), "", **_likeness(level, threshold))
    paths = _paths(places)

    def work(context: RunContext) -> Similar:
        return SimilarScan(paths, request, context).similar()

    used = engine or _default()
    used.call(work, _SIMILAR_STAGES)
    found: Similar = _result(used, listener)
    return found


def find_picture(
    picture: Place,
    places: Iterable[Place] | Place,
    level: Level | None = None,
    threshold: float | None = None,
    *,
    engine: Engine | None = None,
    listener: Listener | None = None,
) -> Elsewhere:
    """Search for one picture in folders (with all below them) and files: the best match first; nothing is changed.

    ``level`` and ``threshold`` are as in ``find_similar``.  Raises ``Refused`` for what is no picture and a place that
    is not there.
    """
    from image_sync.jobs.organize.elsewhere import PictureSearch

    search = PictureSearch(os.fsdecode(picture), _paths(places), **_likeness(level, threshold))
    used = engine or _default()
    used.call(search, search.stages)
    found: Elsewhere = _result(used, listener)
    return found


def find_missing(
    source: Place,
    places: Iterable[Place] | Place,
    level: Level | None = None,
    threshold: float | None = None,
    *,
    engine: Engine | None = None,
    listener: Listener | None = None,
) -> Missing:
    """The files of a folder that are not in other places yet, by content, each with the reason; nothing is changed.

    ``level`` is how much what is there may differ and still count (default: ``Level.PIXELS``).  Raises ``Refused`` for
    a place that is not there, and for a folder that is sought in itself.
    """
    from image_sync.jobs.organize.missing import MissingSearch

    search = MissingSearch(os.fsdecode(source), _paths(places), **_likeness(level, threshold))
    used = engine or _default()
    used.call(search, search.stages)
    found: Missing = _result(used, listener)
    return found


def organize(
    request: OrganizeRequest, *, engine: Engine | None = None, listener: Listener | None = None
) -> OrganizeReview:
    """The review of a scan of any folders for *organize*.  Nothing is changed before ``apply``.  Raises ``Refused``."""
    review: OrganizeReview = _scanned("organize", request, engine, listener)
    return review


def sync(request: SyncRequest, *, engine: Engine | None = None, listener: Listener | None = None) -> SyncReview:
    """The review of a comparison for *sync*.  Nothing is changed before ``apply``.  Raises ``Refused``."""
    review: SyncReview = _scanned("sync", request, engine, listener)
    return review


def import_photos(
    request: ImportRequest, *, engine: Engine | None = None, listener: Listener | None = None
) -> ImportReview:
    """The review of a scan for *import*.  Nothing is changed before ``apply``.  Raises ``Refused``."""
    review: ImportReview = _scanned("import", request, engine, listener)
    return review


def apply(review: Review[Any] | Plan, *, engine: Engine | None = None, listener: Listener | None = None) -> RunResult:
    """Carry out the plan of a review, by the engine that made it.  Raises ``Refused`` before anything is touched."""
    used = engine or _default()
    used.apply(review if isinstance(review, Plan) else review.plan)
    done: RunResult = _result(used, listener)
    return done


def undo(run: str = "", *, engine: Engine | None = None, listener: Listener | None = None) -> RunResult:
    """Take a run back, by default the newest that can be.  Raises ``Refused`` when there is none."""
    used = engine or _default()
    used.undo(run)
    done: RunResult = _result(used, listener)
    return done


def history() -> tuple[RunSummary, ...]:
    """All runs, newest first."""
    from image_sync.apply import journal

    return journal.history()


def _scanned(name: str, request: Any, engine: Engine | None, listener: Listener | None) -> Any:
    used = engine or _default()
    chosen = {field.name: _in_texts(getattr(request, field.name)) for field in fields(request)}
    job: Job[Any, Any] = registry.make(name, replace(request, **chosen))
    used.start(job)
    return _result(used, listener)


def _likeness(level: Level | None, threshold: float | None) -> dict[str, Any]:
    """The choices that were made of level and threshold."""
    from image_sync.jobs.organize.request import Level

    chosen: dict[str, Any] = {} if level is None else {"level": Level(level)}
    return chosen if threshold is None else {**chosen, "threshold": threshold}


def _paths(places: Iterable[Place] | Place) -> tuple[str, ...]:
    """Places as texts; one alone may stand for itself."""
    given = [places] if isinstance(places, str | os.PathLike) else places
    return tuple(os.fsdecode(place) for place in given)


def _in_texts(value: Any) -> Any:
    """A value of a request, paths in it as texts."""
    if isinstance(value, tuple):
        return tuple(map(_in_texts, value))
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _result(engine: Engine, listener: Listener | None) -> Any:
    """Wait for the end; hand every event before it to the listener.  Raises ``Refused`` and ``Stopped``."""
    try:
        while not isinstance(event := engine.events.get(), Finished):
            if listener is not None:
                listener(event)
    except BaseException:
        _call_off(engine)
        raise
    engine.join()
    if event.ending is Ending.REFUSED:
        raise Refused(event.failure)
    if event.ending is Ending.CRASHED:
        raise RuntimeError(event.failure)
    if event.result is None:
        raise Stopped("The job was stopped before there was a result")
    return event.result


def _call_off(engine: Engine) -> None:
    """End a job that nobody waits for any more, so that the next call gets its own result and not that of this one."""
    engine.stop()
    while not engine.join(_STOP_AGAIN):
        engine.stop()
    while not engine.events.empty():
        engine.events.get()


def _default() -> Engine:
    """The engine of those who bring none: with the user's catalog, closed when the process ends."""
    if not _made:
        _made.append(Engine())
        atexit.register(close)
    return _made[0]


def close() -> None:
    """Close the engine that the functions share; the next call makes another."""
    while _made:
        _made.pop().close()
