"""Search for what is missing: the files of one place that are not in others yet, by content, with the reason for each.

Pictures are compared as pictures; movies, sidecars and what can't be read as a picture by their bytes.  One file is one
file: what is there is the file itself by another path (a hard link, a folder mounted twice) is no copy of it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from image_sync.base import paths, words
from image_sync.base.events import Stage
from image_sync.base.model import UNMEASURED, FileKind, FileRecord, Picture, Problem, Refused, Sameness
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_files
from image_sync.jobs.organize.asking import Compared, Question
from image_sync.jobs.organize.places import Places
from image_sync.jobs.organize.request import Level
from image_sync.jobs.organize.rules.likes import likes
from image_sync.jobs.organize.rules.missing import Near, Verdict, Why, verdict, words_of
from image_sync.matching.threshold import DEFAULT_THRESHOLD

_PICTURES = (FileKind.PICTURE, FileKind.RAW)


@dataclass(frozen=True, slots=True)
class MissingFile:
    """One file that is not there: ``why`` and the same in ``words``, and the ``nearest`` that is there (or empty)."""

    path: str
    size: int
    why: Why
    words: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class PresentFile:
    """One file that is there: where, and in which way what is there is the same."""

    path: str
    at: str
    sameness: Sameness


@dataclass(frozen=True, slots=True)
class Missing:
    """Answer to what is missing: the ``missing`` files and those that are ``present``, both by path.

    ``problems`` are what could not be read; ``notes`` say what was not looked at.
    """

    missing: tuple[MissingFile, ...] = ()
    present: tuple[PresentFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingSearch:
    """Question what of ``source`` is in none of ``places``, folders (with all below them) or files; work for an engine.

    ``level`` is how much what is there may differ and still count.
    """

    source: str
    places: tuple[str, ...]
    level: Level = Level.PIXELS
    threshold: float = DEFAULT_THRESHOLD

    @property
    def stages(self) -> int:
        """The stages of the search."""
        return self._question.stages + 1

    @property
    def _question(self) -> Question:
        """Similar pictures are looked for at ``PIXELS`` too: they tell why what is not identical is missing."""
        return Question(Level.SAME_SHOT if self.level is Level.PIXELS else self.level, self.threshold)

    def __call__(self, context: RunContext) -> Missing:
        """Look, read, compare.  Raises ``Stopped``, and ``Refused`` for places that can't be looked through."""
        here, there = self._look(context)
        pictures = [record for record in here if record.kind in _PICTURES]
        others = (one for one in there if one.kind in _PICTURES)
        compared = self._question.compare(pictures, others, context, closely=self.level is not Level.EXACT)
        answers = dict(self._of_pictures(compared))
        by_bytes = [record for record in here if record.path not in answers]
        context.reporter.stage(Stage.VERIFY, len(by_bytes))
        answers.update(_of_bytes(by_bytes, there, context))
        told = [answers[path] for path in sorted(answers)]
        return Missing(
            tuple(answer for answer in told if isinstance(answer, MissingFile)),
            tuple(answer for answer in told if isinstance(answer, PresentFile)),
            context.reporter.problems,
            context.notes.texts,
        )

    # --- files ---

    def _look(self, context: RunContext) -> tuple[list[FileRecord], list[FileRecord]]:
        """The files of the source, and those of the places."""
        places = Places((self.source, *self.places), context)
        home, *others = places.paths
        if any(os.path.samefile(place, home) for place in self.places):
            raise Refused(f"{paths.display(self.source)} can't be looked for in itself; name another place")
        context.reporter.stage(Stage.SCAN)
        found = places.files()
        here = [one.record for one in found if one.place == home]
        _say_nesting(home, others, context)
        if not here:
            context.notes.say(f"There is nothing to look for in {paths.display(home)}.")
        if passed := places.others.get(home):
            other = words.count(passed, "other file was", "other files were")
            context.notes.say(f"{other} not looked for in {paths.display(home)}: no picture, movie or sidecar.")
        context.reporter.flush()
        return here, [one.record for one in found if one.place != home]

    # --- verdicts ---

    def _of_pictures(self, compared: Compared) -> Iterator[tuple[str, MissingFile | PresentFile]]:
        found = likes(len(compared.pictures), compared.asked, compared.matches)
        pictures = compared.pictures
        for index, some in found.items():
            picture = pictures[index]
            nears = [Near(pictures[like.picture], like.sameness, like.score, like.part) for like in some]
            itself = [near for near in nears if _is_itself(near.picture.record, picture.record)]
            answer = _answer(picture, verdict(picture, [near for near in nears if near not in itself], self.level))
            if itself and isinstance(answer, MissingFile):
                answer = _without_like(picture.record, Why.ITSELF, itself[0].picture.record.path)
            yield picture.record.path, answer


def _file(record: FileRecord) -> tuple[int, ...] | None:
    """Identity of a file, by whatever path it is seen; ``None`` where the system gives none."""
    return (record.device, record.inode, record.size, record.mtime_ns) if record.inode else None


def _is_itself(one: FileRecord, other: FileRecord) -> bool:
    return _file(one) is not None and _file(one) == _file(other)


def _say_nesting(home: str, places: Iterable[str], context: RunContext) -> None:
    for place in places:
        for inner, outer in ((place, home), (home, place)):
            if paths.is_inside(inner, outer):
                context.notes.say(
                    f"{paths.display(inner)} lies inside {paths.display(outer)} and is taken as a place of its own."
                )


def _answer(picture: Picture, found: Verdict) -> MissingFile | PresentFile:
    record, near = picture.record, found.near
    if found.why is None:
        assert near is not None
        return PresentFile(record.path, near.picture.record.path, near.sameness)
    nearest = near.picture.record.path if near else ""
    return MissingFile(record.path, record.size, found.why, words_of(found.why, picture, near), nearest)


def _without_like(record: FileRecord, why: Why, at: str = "") -> MissingFile:
    return MissingFile(record.path, record.size, why, words_of(why, Picture(record, UNMEASURED), None), at)


# --- by bytes ---------------------------------------------------------------------------------------------------------


def _of_bytes(
    here: Sequence[FileRecord], there: Sequence[FileRecord], context: RunContext
) -> Iterator[tuple[str, MissingFile | PresentFile]]:
    """The answers for files that are compared by their bytes alone; only where sizes meet they are read."""
    sizes = {record.size for record in here} & {record.size for record in there}
    digests = _digests([one for one in (*here, *there) if one.size in sizes], context)
    at: defaultdict[tuple[int, str], list[FileRecord]] = defaultdict(list)
    for record in there:
        if record.path in digests:
            at[record.size, digests[record.path]].append(record)
    for record in here:
        context.reporter.advance(1, 0, record.path)
        yield record.path, _answer_by_bytes(record, at.get((record.size, digests.get(record.path, "")), ()))
    context.reporter.flush()


def _answer_by_bytes(record: FileRecord, same: Sequence[FileRecord]) -> MissingFile | PresentFile:
    """The answer for a file, ``same`` being what has its bytes there."""
    if not same:
        return _without_like(record, Why.OTHER_BYTES)
    copies = [one.path for one in same if not _is_itself(one, record)]
    if not copies:
        return _without_like(record, Why.ITSELF, same[0].path)
    return PresentFile(record.path, min(copies), Sameness.IDENTICAL_FILE)


def _digests(records: Sequence[FileRecord], context: RunContext) -> dict[str, str]:
    """The digest of each file by its path; one that can't be read is a problem and has none."""
    result = {}
    for path, (digest, problem) in on_files(context, _digest, [one.path for one in records], str, _no_digest):
        if problem:
            context.reporter.problem(problem)
        elif digest:
            result[path] = digest
    return result


def _digest(path: str) -> tuple[str | None, Problem | None]:
    from image_sync.pictures.measure import digest_of

    return digest_of(path)


def _no_digest(_path: str, problem: Problem) -> tuple[str | None, Problem | None]:
    return None, problem
