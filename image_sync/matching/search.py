"""All pairs of codes within a Hamming radius: the candidates that everything after it only ever thins out.

The search is exact: what it does not yield is farther apart than the radius.  It knows nothing of pictures, thresholds
or files; it takes arrays of codes and gives arrays of indexes, in pieces, so that memory stays flat however many
pairs there are.  Nobody should turn its pieces into one Python object a pair before ``verify`` has thinned them.

How it works: codes are arranged so that most of those too far apart are passed over (``arranged``), and what is left is
compared in blocks on a few threads (``blocks``).  Growth is quadratic all the same: a million codes take a thousand
times as long as thirty thousand.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from image_sync.control import Control
from image_sync.matching import blocks
from image_sync.matching.arranged import Arranged, arranged, patterns_of
from image_sync.matching.codes import BITS, NO_PAIRS, Codes, Pairs, checked, radius_for
from image_sync.matching.crowds import crowds_of, written_out

__all__ = ["BITS", "CROWD", "Pairs", "pairs_between", "pairs_within", "radius_for"]

CROWD = 64
"""More pictures than this with one and the same code are a crowd, see ``pairs_within``.

Real libraries have a handful of equal codes (re-encodings of one picture); hundreds come from blank pages."""

_STRIPE_PAIRS = 1 << 21
_STRIPE_ROWS = 64
# Pairs, or rows if that is more, that a thread compares between two checkpoints: some milliseconds of work, and at most
# 38 MB of pairs at ten thousand codes that all lie within the radius.


def pairs_within(
    codes: Codes,
    radius: int,
    *,
    control: Control | None = None,
    advance: Callable[[int], None] | None = None,
    crowd: int | None = None,
    workers: int | None = None,
) -> Iterator[Pairs]:
    """Yield all pairs ``first < second`` among ``codes`` (n, 32) that are at most ``radius`` bits apart, in pieces.

    Each pair comes once; the order is the same on every run.  ``advance`` is told shares of ``n`` as the work goes on,
    ``n`` in all.  ``control`` is asked between pieces (a few milliseconds apart).

    ``crowd`` bounds a flood: of more than so many pictures with one and the same code only those pairs are yielded in
    which at least one of the two is among the first ``crowd`` of its code, so that m equal codes give no more than
    ``crowd * m`` pairs instead of m²/2.  Put the best pictures first, and a star around the best loses nothing.
    ``None`` yields every pair.
    """
    codes = checked(codes)
    steering = _Steering(len(codes), control, advance, workers)
    if crowd is None:
        yield from _within(codes, radius, steering)
        return
    crowds = crowds_of(codes)
    yield from written_out(crowds.within(crowd), control)
    for pairs in _within(codes[crowds.representatives], radius, steering):
        yield from written_out(crowds.between(pairs, crowd), control)


def pairs_between(
    codes_a: Codes,
    codes_b: Codes,
    radius: int,
    *,
    control: Control | None = None,
    advance: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> Iterator[Pairs]:
    """Yield all pairs of one of ``codes_a`` (``first``) and one of ``codes_b`` (``second``) within ``radius`` bits.

    For new pictures against known ones, and for turned positions against pictures as they are.  ``advance`` is told
    shares of ``len(codes_a)``.
    """
    codes_a, codes_b = checked(codes_a), checked(codes_b)
    patterns = patterns_of(codes_b)
    rows, columns = arranged(codes_a, patterns), arranged(codes_b, patterns)
    sweep = _Sweep(rows, columns, radius, upper=False)
    for pairs in _run(sweep, _Steering(len(codes_a), control, advance, workers)):
        yield Pairs(rows.index[pairs.first], columns.index[pairs.second], pairs.distance)


@dataclass(frozen=True, slots=True)
class _Steering:
    """How a search is watched and driven: ``total`` is what ``advance`` is told in all."""

    total: int
    control: Control | None
    advance: Callable[[int], None] | None
    workers: int | None


def _within(codes: Codes, radius: int, steering: _Steering) -> Iterator[Pairs]:
    order = arranged(codes, patterns_of(codes))
    for pairs in _run(_Sweep(order, order, radius, upper=True), steering):
        one, other = order.index[pairs.first], order.index[pairs.second]
        yield Pairs(np.minimum(one, other), np.maximum(one, other), pairs.distance)


# --- one sweep over all rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stripe:
    """Rows of one cell, and how many pairs they have at most."""

    cell: int
    begin: int
    end: int
    work: int


@dataclass(frozen=True, slots=True)
class _Sweep:
    """All rows against all columns that may be within the radius; for ``upper``, of one arrangement with itself, only
    against those that come later."""

    rows: Arranged
    columns: Arranged
    radius: int
    upper: bool

    def stripes(self) -> Iterator[_Stripe]:
        """The rows cut into pieces of about the same work."""
        sizes = np.diff(self.columns.start)
        for cell in range(self.rows.cells):
            begin, end = self.rows.cell(cell)
            width = max(1, int(sizes[self._cells_for(cell)].sum()))
            step = max(_STRIPE_ROWS, _STRIPE_PAIRS // width)
            for top in range(begin, end, step):
                bottom = min(top + step, end)
                yield _Stripe(cell, top, bottom, (bottom - top) * width)

    def pairs(self, stripe: _Stripe) -> Pairs:
        """The pairs of a stripe, as places in the two arrangements."""
        found = [NO_PAIRS]
        tops = np.arange(stripe.begin, stripe.end, blocks.ROWS)
        bottoms = np.minimum(tops + blocks.ROWS, stripe.end)
        low, high = self.rows.count[tops], self.rows.count[bottoms - 1]
        for cell in self._cells_for(stripe.cell).tolist():
            left, right = self.columns.windows(cell, low, high, self.radius)
            if self.upper:
                left = np.maximum(left, tops + 1)
            for k in np.flatnonzero(left < right).tolist():
                down, across = (int(tops[k]), int(bottoms[k])), (int(left[k]), int(right[k]))
                found += blocks.near_pairs(self.rows.words, self.columns.words, down, across, self.radius)
        pairs = Pairs(*map(np.concatenate, zip(*found, strict=True)))
        return pairs.chosen(pairs.first < pairs.second) if self.upper else pairs

    def _cells_for(self, cell: int) -> NDArray[np.int64]:
        """The columns' cells that a row of ``cell`` must be compared with."""
        near = self.columns.near_cells(int(self.rows.low[cell]), int(self.rows.high[cell]), self.radius)
        return near[near >= cell] if self.upper else near


def _run(sweep: _Sweep, steering: _Steering) -> Iterator[Pairs]:
    """Compare stripe by stripe, in their order, and tell how far it has come."""
    stripes = list(sweep.stripes())
    whole, done, told = sum(stripe.work for stripe in stripes), 0, 0
    for stripe, pairs in zip(stripes, _in_order(sweep, stripes, steering), strict=True):
        done += stripe.work
        if steering.advance and (share := done * steering.total // whole - told):
            told += share
            steering.advance(share)
        if len(pairs.first):
            yield pairs
    if steering.advance and told < steering.total:
        steering.advance(steering.total - told)


def _in_order(sweep: _Sweep, stripes: list[_Stripe], steering: _Steering) -> Iterator[Pairs]:
    """The stripes' pairs in their order, with no more than two stripes a thread under way or waiting."""
    workers = steering.workers or os.cpu_count() or 1
    with ThreadPoolExecutor(workers, thread_name_prefix="search") as pool:
        under_way: deque[Future[Pairs]] = deque()
        try:
            for stripe in stripes:
                if steering.control:
                    steering.control.checkpoint()
                under_way.append(pool.submit(sweep.pairs, stripe))
                if len(under_way) >= 2 * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
