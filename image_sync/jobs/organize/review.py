"""Review of *organize*: groups and plan from what was found, at once, for any choices.  Nothing is decoded."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from image_sync.apply import disk
from image_sync.base import paths
from image_sync.base.model import (
    Group,
    Match,
    Member,
    Picture,
    Sameness,
    Stamp,
)
from image_sync.inventory.catalog import Catalog
from image_sync.inventory.keys import ContentKey, RefusedPair
from image_sync.inventory.scan import Filter, scan
from image_sync.inventory.small_pictures import NOTHING, looked_at
from image_sync.jobs import room
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest
from image_sync.jobs.organize.rules import plan as organize
from image_sync.jobs.organize.rules.decisions import Decisions, decided, for_this_run
from image_sync.jobs.organize.rules.merging import NO_MERGING, Merging
from image_sync.jobs.organize.rules.shots import between_shots, raw_kept_in_words, with_raw_kept

if TYPE_CHECKING:
    from image_sync.jobs.organize.rules.grouping import Grouping

Merger = Callable[[Sequence[Group], Sequence[Picture], OrganizeRequest], Merging]
"""Reads what the pictures of groups state; gives what is merged."""

_NONE = Decisions()


def grouped(review: OrganizeReview, request: OrganizeRequest, catalog: Catalog) -> OrganizeReview:
    """The groups of what was found, each with its best picture and its context; the plan stays what it was."""
    from image_sync.jobs.organize.rules.ranking import why_best

    references = frozenset(request.references)
    pictures = tuple(
        replace(picture, reference=not picture.reference)
        if picture.reference != (picture.record.root in references)
        else picture
        for picture in review.pictures
    )
    matches = [
        _as_asked(match, request)
        for match in review.matches
        if match.sameness in (Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS) or match.score >= request.threshold
    ]
    matches = without_refused(matches, review.pictures, review.contents, catalog)
    if request.handling is not Handling.LINK_EXACT:
        matches = between_shots(pictures, matches)
    grouping = _grouping(pictures, matches, request)
    groups = tuple(
        replace(
            found,
            why_best=why_best(
                pictures[found.best.picture],
                [pictures[member.picture] for member in _copies(found)],
                request.best_order,
                request.preferred,
            ),
        )
        for found in grouping.groups
    )
    groups = organize.with_contexts(groups, pictures)
    return replace(
        review,
        request=request,
        pictures=pictures,
        groups=groups,
        left_out=grouping.left_out,
        parted=grouping.parted,
    )


def _grouping(pictures: Sequence[Picture], matches: Sequence[Match], request: OrganizeRequest) -> Grouping:
    """The groups that the matches make, of all pictures or only over folders."""
    from image_sync.jobs.organize.rules.between import grouped_over_folders
    from image_sync.jobs.organize.rules.grouping import group

    order = _places(pictures, matches, request)

    def among(some: Sequence[Match]) -> Grouping:
        return group(len(pictures), some, order, by_wholes=request.level is Level.EDITED)

    if not request.between:
        return among(matches)
    return grouped_over_folders(matches, [picture.record.root for picture in pictures], order, among)


def reviewed(
    review: OrganizeReview,
    request: OrganizeRequest,
    catalog: Catalog,
    decisions: Decisions = _NONE,
    statements: Merger | None = None,
) -> OrganizeReview:
    """Groups and plan anew from what was found, for a ``request`` (resolved) with other choices and ``decisions``.

    ``statements`` tell what the pictures of groups state, where that is to be merged.  Nothing is decoded.  Whether
    such choices need another scan is not asked here.
    """
    review = grouped(review, request, catalog)
    groups = decided(review.groups, review.pictures, review.matches, decisions)
    left = with_raw_kept(groups, review.pictures) if request.handling is Handling.KEEP_BEST else groups
    raw_kept = tuple(raw_kept_in_words(groups, left, review.pictures))
    review = replace(review, undecided=review.groups, groups=left, decisions=decisions)
    planned = for_this_run(left, review.pictures, decisions)
    merging = statements(planned, review.pictures, request) if statements is not None else NO_MERGING
    plan = organize.make_plan(
        review.pictures,
        planned,
        request,
        replace(standing(request.output), attributes=_attributes(review, request), merging=merging),
        complete=review.partial >= 1.0 and not decisions.only_reviewed,
        notes=(*review.notes, *organize.parted_in_words(review.parted, review.pictures), *raw_kept),
        problems=(*review.problems, *merging.problems),
    )
    plan = replace(plan, notes=(*plan.notes, *room.too_little(plan, disk.device, disk.room)))
    return replace(review, plan=plan)


def _as_asked(match: Match, request: OrganizeRequest) -> Match:
    """The match; the shots of a series count as copies where the user asked for it."""
    if match.sameness is Sameness.SERIES and request.series:
        return replace(match, sameness=Sameness.SIMILAR)
    return match


def _copies(group: Group) -> list[Member]:
    """The members that are copies of the best; where there are none, the other shots of its series."""
    others = [member for member in group.members[1:] if member.sameness is not Sameness.WITHIN]
    return [member for member in others if member.copy_of is None and member.sameness.is_copy] or [*others]


def _places(pictures: Sequence[Picture], matches: Sequence[Match], request: OrganizeRequest) -> list[int]:
    """The rank of each picture: of those that match another as ``ranking`` has it, then of all others as they come."""
    from image_sync.jobs.organize.rules.ranking import rank

    matched = {index for match in matches for index in (match.first, match.second)}
    keys = {index: rank(pictures[index], request.best_order, request.preferred) for index in matched}
    order = sorted(matched, key=keys.__getitem__) + [index for index in range(len(pictures)) if index not in matched]
    places = [0] * len(order)
    for place, index in enumerate(order):
        places[index] = place
    return places


def refuse_match(first: Picture, second: Picture, catalog: Catalog) -> None:
    """Remember that the contents of two pictures are no match."""
    catalog.refuse(_refused_pair(first, second, catalog), (first.record.path, second.record.path))


def allow_match(first: Picture, second: Picture, catalog: Catalog) -> None:
    """Forget that the contents of two pictures are no match."""
    catalog.forget_refused(_refused_pair(first, second, catalog))


def _refused_pair(first: Picture, second: Picture, catalog: Catalog) -> RefusedPair:
    from image_sync.pictures.version import MEASURED

    known = catalog.lookup([first.record, second.record], MEASURED)
    rows = [entry.content if entry else None for entry in known]
    keys = _content_keys(dict(zip((0, 1), (first, second), strict=True)), rows, catalog)
    return RefusedPair.of(keys[0], keys[1])


def without_refused(
    matches: list[Match], pictures: Sequence[Picture], rows: Sequence[int | None], catalog: Catalog
) -> list[Match]:
    """The matches but those that the user called none; ``rows`` are the catalog's rows of the pictures' contents."""
    refused = catalog.refused()
    if not refused:
        return matches
    wanted = {index: pictures[index] for match in matches for index in (match.first, match.second)}
    keys = _content_keys(wanted, rows, catalog)
    return [match for match in matches if RefusedPair.of(keys[match.first], keys[match.second]) not in refused]


def _content_keys(pictures: Mapping[int, Picture], rows: Sequence[int | None], catalog: Catalog) -> dict[int, str]:
    """The content keys of some pictures by index; ``rows`` are the catalog's rows by the same index."""
    smalls = catalog.smalls(row for index in pictures if (row := rows[index]) is not None)
    result = {}
    for index, picture in pictures.items():
        row = rows[index]
        small = picture.fingerprint.small or (smalls.get(row) if row is not None else b"")
        if small is None:
            looks, _ = looked_at(picture.record)
            small = looks[0] if looks else NOTHING
        result[index] = ContentKey.of(replace(picture.fingerprint, small=small), picture.record.size).key()
    return result


def _attributes(review: OrganizeReview, request: OrganizeRequest) -> dict[str, Hashable]:
    """Owner, permissions and extended attributes of the exact copies that are to become links, by path."""
    if request.handling is not Handling.LINK_EXACT:
        return {}
    pictures = [review.pictures[member.picture] for group in review.groups for member in group.members]
    return {one.record.path: _attributes_of(one.record.path) for one in pictures if one.digest is not None}


def _attributes_of(path: str) -> Hashable:
    """Attributes that all names of one file share beside its content; where they can't be read, like no other's."""
    try:
        status = os.stat(path)
        names = os.listxattr(path) if hasattr(os, "listxattr") else []
        values = tuple((name, os.getxattr(path, name)) for name in sorted(names))
    except OSError:
        return path
    return status.st_uid, status.st_gid, status.st_mode, values


def standing(output: str) -> organize.Standing:
    """Files that stand in the output where this job puts some; an output that isn't there yet holds nothing."""
    try:
        with os.scandir(output) as entries:
            top = list(entries)
    except OSError:
        return organize.Standing()
    files: dict[str, Stamp] = {}
    for entry in top:
        if entry.is_dir(follow_symlinks=False) and _ours(entry.name):
            for record in scan(entry.path, Filter(litter=True)).files:
                files[paths.folded(paths.join(entry.name, record.relative))] = record.stamp
    return organize.Standing(frozenset(paths.folded(entry.name) for entry in top), files)


def _ours(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(organize.SIMILAR_PREFIX) or folded in (organize.UNIQUE_FOLDER, organize.DUPLICATES_FOLDER)
