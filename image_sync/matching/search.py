"""Radius search in Hamming space: all pairs of codes within a distance, the candidates for verification.

It knows nothing of pictures, thresholds or files; it takes arrays of codes and gives arrays of indexes, in pieces, so
that memory stays flat however many pairs there are.  Nobody should turn its pieces into one Python object per pair
before ``verify`` has thinned them.

How it works: codes are laid in leaves so that most of those too far apart are passed over (``leaf_index``), and what
is left is compared in blocks on a few threads (``blocks``).  An exact search yields every pair; a nearly exact one
passes over more (``search_bounds``) and loses about one pair of a thousand.  Growth is quadratic all the same, see
``docs/search.md``.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from image_sync.base.control import Control
from image_sync.matching import blocks
from image_sync.matching.codes import NO_PAIRS, Codes, Pairs, checked, distances, radius_for
from image_sync.matching.crowds import crowds_of, written_out
from image_sync.matching.leaf_index import LEAF, LeafIndex, leaf_index_of, patterns_of
from image_sync.matching.search_bounds import EXACT_UP_TO, SearchBounds, search_bounds

__all__ = ["CROWD", "EXACT_UP_TO", "Pairs", "pairs_between", "pairs_within", "radius_for"]

CROWD = 64
"""More pictures than this with one and the same code are a crowd, see ``pairs_within``.

Real libraries have a handful of equal codes (re-encodings of one picture); hundreds come from blank pages."""

_PIECE = 1 << 21
# Pairs that a thread compares between two checkpoints: some milliseconds of work, and at most 38 MB of pairs when they
# all lie within the radius.
_WRITTEN_OUT = 1 << 16
# Pairs of different codes that are written out to pairs of pictures together: some 10 MB on the way.
_FEW = 512
# So few codes are compared with all others as they stand: arranging those would take longer.


def pairs_within(
    codes: Codes,
    radius: int,
    *,
    exact: bool = True,
    control: Control | None = None,
    advance: Callable[[int], None] | None = None,
    crowd: int | None = None,
    workers: int | None = None,
    accelerated: bool | None = None,
) -> Iterator[Pairs]:
    """Yield all pairs ``first < second`` among ``codes`` (n, 32) that are at most ``radius`` bits apart, in pieces.

    Each pair comes once; the order is the same on every run.  ``advance`` is told shares of ``n`` as the work goes on,
    ``n`` in all.  ``control`` is asked between pieces (a few milliseconds apart).  Not ``exact``, up to one pair of a
    thousand is missing, and it takes about half the time.  ``accelerated`` tells whether faiss compares; by default it
    does where it is installed.

    ``crowd`` bounds a flood: of more than so many pictures with one and the same code only those pairs are yielded in
    which at least one of the two is among the first ``crowd`` of its code, so that m equal codes give no more than
    ``crowd * m`` pairs instead of m²/2.  Put the best pictures first, and a star around the best loses nothing.
    ``None`` yields every pair.
    """
    codes = checked(codes)
    steering = _Steering(len(codes), control, advance, workers, accelerated)
    bounds = search_bounds(radius, exact)
    if crowd is None:
        yield from _within(codes, bounds, steering)
        return
    crowds = crowds_of(codes)
    yield from written_out(crowds.within(crowd), control)
    for pairs in _cut(_within(codes[crowds.representatives], bounds, steering)):
        yield from written_out(crowds.between(pairs, crowd), control)


def pairs_between(
    codes_a: Codes,
    codes_b: Codes,
    radius: int,
    *,
    exact: bool = True,
    control: Control | None = None,
    advance: Callable[[int], None] | None = None,
    crowd: int | None = None,
    workers: int | None = None,
    accelerated: bool | None = None,
) -> Iterator[Pairs]:
    """Yield all pairs of one of ``codes_a`` (``first``) and one of ``codes_b`` (``second``) within ``radius`` bits.

    For new pictures against known ones, and for turned positions against pictures as they are.  ``advance`` is told
    shares of ``len(codes_a)``; all else as for ``pairs_within``, ``crowd`` for each of the two by itself.
    """
    codes_a, codes_b = checked(codes_a), checked(codes_b)
    steering = _Steering(len(codes_a), control, advance, workers, accelerated)
    bounds = search_bounds(radius, exact)
    if crowd is None:
        yield from _between(codes_a, codes_b, bounds, steering)
        return
    one, other = crowds_of(codes_a), crowds_of(codes_b)
    for pairs in _cut(_between(codes_a[one.representatives], codes_b[other.representatives], bounds, steering)):
        yield from written_out(one.across(other, pairs, crowd), control)


def _cut(pieces: Iterable[Pairs]) -> Iterator[Pairs]:
    """The pieces in such as can be written out without much memory."""
    for pairs in pieces:
        for begin in range(0, len(pairs.first), _WRITTEN_OUT):
            yield pairs.chosen(slice(begin, begin + _WRITTEN_OUT))


_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Steering:
    """The control and the progress of a search: ``total`` is what ``advance`` is told in all."""

    total: int
    control: Control | None
    advance: Callable[[int], None] | None
    workers: int | None
    accelerated: bool | None

    def checkpoint(self) -> None:
        """Wait while paused; raises ``Stopped``."""
        if self.control:
            self.control.checkpoint()


def _within(codes: Codes, bounds: SearchBounds, steering: _Steering) -> Iterator[Pairs]:
    order = leaf_index_of(codes, patterns_of(codes), steering.checkpoint)
    sweep = _Sweep(order, order, blocks.kernel(order, order, bounds, steering.accelerated), bounds, upper=True)
    for pairs in _run(sweep, steering):
        one, other = order.index[pairs.first], order.index[pairs.second]
        yield Pairs(np.minimum(one, other), np.maximum(one, other), pairs.distance)


def _between(codes_a: Codes, codes_b: Codes, bounds: SearchBounds, steering: _Steering) -> Iterator[Pairs]:
    if min(len(codes_a), len(codes_b)) <= _FEW:
        yield from _all_with_all(codes_a, codes_b, bounds.radius, steering)
        return
    patterns = patterns_of(codes_b)
    rows, columns = (leaf_index_of(codes, patterns, steering.checkpoint) for codes in (codes_a, codes_b))
    kernel = blocks.kernel(rows, columns, bounds, steering.accelerated)
    for pairs in _run(_Sweep(rows, columns, kernel, bounds, upper=False), steering):
        yield Pairs(rows.index[pairs.first], columns.index[pairs.second], pairs.distance)


# --- one sweep over all rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stripe:
    """A range of leaves of the rows, and how many pairs they have at most."""

    begin: int
    end: int
    work: int


@dataclass(frozen=True, slots=True)
class _Sweep:
    """All rows against all columns that may be within the radius; for ``upper``, of one arrangement with itself, only
    against those that come later."""

    rows: LeafIndex
    columns: LeafIndex
    kernel: blocks.Kernel
    bounds: SearchBounds
    upper: bool

    def stripes(self) -> Iterator[_Stripe]:
        """The rows cut into pieces of about the same work."""
        step = max(1, _PIECE // (self.columns.leaves * LEAF * LEAF or 1))
        for begin in range(0, self.rows.leaves, step):
            end = min(begin + step, self.rows.leaves)
            later = self.columns.leaves - (begin if self.upper else 0)
            yield _Stripe(begin, end, (end - begin) * later)

    def pairs(self, stripe: _Stripe) -> Pairs:
        """The pairs of a stripe, as places in the two arrangements."""
        found = [NO_PAIRS]
        for row in range(stripe.begin, stripe.end):
            low, high = self.rows.low[:, row], self.rows.high[:, row]
            columns = self.columns.near(low, high, self.bounds.slack, row if self.upper else 0)
            found += self.kernel.near_pairs(row, columns)
        return self._real(Pairs(*map(np.concatenate, zip(*found, strict=True))))

    def _real(self, pairs: Pairs) -> Pairs:
        """The pairs without those of what only fills up the last leaf, and each once."""
        real = pairs.first < len(self.rows.index)
        if self.upper:
            real &= pairs.first < pairs.second
        return pairs.chosen(real)


def _run(sweep: _Sweep, steering: _Steering) -> Iterator[Pairs]:
    """Compare stripe by stripe, in their order."""
    stripes = list(sweep.stripes())
    yield from _with_progress(_in_order(sweep.pairs, stripes, steering), [stripe.work for stripe in stripes], steering)


def _all_with_all(codes_a: Codes, codes_b: Codes, radius: int, steering: _Steering) -> Iterator[Pairs]:
    """All with all, as they stand: for a few codes against many, exact."""
    turned_round = len(codes_a) > len(codes_b)
    few, many = (codes.view(np.uint64) for codes in ((codes_b, codes_a) if turned_round else (codes_a, codes_b)))
    step = blocks.ROOM // max(1, len(few))

    def compared(begin: int) -> Pairs:
        first, second = blocks.near_places(few, many[begin : begin + step], radius)
        second = second + begin
        pairs = Pairs(first, second, distances(few[first], many[second]))
        return pairs.chosen(pairs.distance <= radius)

    begins = range(0, len(many), step) if len(few) else ()
    shares = [min(step, len(many) - begin) for begin in begins]
    for pairs in _with_progress(_in_order(compared, begins, steering), shares, steering):
        yield Pairs(pairs.second, pairs.first, pairs.distance) if turned_round else pairs


def _with_progress(pieces: Iterable[Pairs], work: Sequence[int], steering: _Steering) -> Iterator[Pairs]:
    """The pieces that are not empty, each of so much ``work``; tells how far it has come."""
    whole, done, told = sum(work), 0, 0
    for share, pairs in zip(work, pieces, strict=True):
        done += share
        if steering.advance and (more := done * steering.total // whole - told):
            told += more
            steering.advance(more)
        if len(pairs.first):
            yield pairs
    if steering.advance and told < steering.total:
        steering.advance(steering.total - told)


def _in_order(work: Callable[[_Item], Pairs], items: Iterable[_Item], steering: _Steering) -> Iterator[Pairs]:
    """``work`` on each item, in their order, with no more than two items per thread under way or waiting."""
    workers = steering.workers or os.cpu_count() or 1
    with ThreadPoolExecutor(workers, thread_name_prefix="search") as pool:
        under_way: deque[Future[Pairs]] = deque()
        try:
            for item in items:
                steering.checkpoint()
                under_way.append(pool.submit(work, item))
                if len(under_way) >= 2 * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
