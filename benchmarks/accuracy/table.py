"""From verdicts to tables: recall for each edit, false pairs for random photos and for each hard set."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.accuracy.corpus import ORIGINAL, What
from benchmarks.accuracy.edits import EDITS, FAMILIES
from benchmarks.accuracy.hard import SETS
from benchmarks.accuracy.rules import Pairs


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one rule: recall (0-1) by edit, false pairs by set; ``mistaken`` are the pairs of photos (their
    roots), ``missed`` the edits of each photo that were not found."""

    rule: str
    recall: Mapping[int, float]
    false: Mapping[str, int]
    mistaken: Mapping[tuple[str, str], int]
    missed: Mapping[int, Sequence[int]]

    def of_family(self, family: str) -> float:
        """Mean recall of a family."""
        edits = [number for number, edit in enumerate(EDITS) if edit.family == family]
        return sum(self.recall[number] for number in edits) / len(edits)


PHOTOS = "photos"
"""The name under which pairs of different photos, in whatever edit, are counted."""


@dataclass(slots=True)
class Tally:
    """One rule's figures as the libraries come in."""

    rule: str
    found: Counter[int] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    mistaken: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add_found(self, same: Pairs, files: Sequence[What]) -> None:
        """Count the edits that the rule found in one library."""
        originals = {what.photo: place for place, what in enumerate(files) if not what.set and what.edit == ORIGINAL}
        for place, what in enumerate(files):
            if not what.set and what.edit != ORIGINAL:
                if _pair(place, originals[what.photo]) in same:
                    self.found[what.edit] += 1
                else:
                    self.missed[what.photo].append(what.edit)

    def add_false(self, same: Pairs, files: Sequence[What], roots: Sequence[str]) -> None:
        """Count the different pictures of one library that the rule took for the same; ``roots`` are the photos'."""
        for first, second in same:
            one, other = files[first], files[second]
            if one.set and one.set == other.set and one.place == other.place:
                self.false[one.set] += 1
            elif not one.set and not other.set and roots[one.photo] != roots[other.photo]:
                self.false[PHOTOS] += 1
                self.mistaken[_pair_of(roots[one.photo], roots[other.photo])] += 1

    def figures(self, photos: int) -> Figures:
        """The figures of so many photos."""
        recall = {number: self.found[number] / photos for number in range(len(EDITS))}
        return Figures(self.rule, recall, self.false, self.mistaken, self.missed)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _pair_of(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def pairs_in(files: Sequence[What], roots: Sequence[str]) -> Counter[str]:
    """How many pairs of different pictures a library has: of photos, and within each hard set."""
    of_root = Counter(roots[what.photo] for what in files if not what.set)
    total = sum(of_root.values())
    result = Counter({PHOTOS: (total * total - sum(number * number for number in of_root.values())) // 2})
    places: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for what in files:
        if what.set:
            places[what.set][what.place] += 1
    for name in SETS:
        result[name] = sum(number * (number - 1) // 2 for number in places[name].values())
    return result


# --- as Markdown ------------------------------------------------------------------------------------------------------


def recall_lines(all_figures: Sequence[Figures]) -> Iterator[str]:
    """Recall by family, in per cent."""
    yield from _head("rule", *FAMILIES)
    for one in all_figures:
        yield _row(one.rule, *(_percent(one.of_family(family)) for family in FAMILIES))


def false_lines(all_figures: Sequence[Figures], pairs: Mapping[str, int]) -> Iterator[str]:
    """False pairs: per million pairs of photos, and in per cent of the pairs of each hard set."""
    yield from _head("rule", f"photos, per million of {pairs[PHOTOS]:,}", *(f"{name} %" for name in SETS))
    for one in all_figures:
        hard = (_percent(one.false.get(name, 0) / pairs[name], 2) if pairs[name] else "–" for name in SETS)
        yield _row(one.rule, f"{one.false.get(PHOTOS, 0) / pairs[PHOTOS] * 1e6:.2f}", *hard)


def edit_lines(all_figures: Sequence[Figures]) -> Iterator[str]:
    """Recall by edit, in per cent."""
    yield from _head("family", "edit", *(one.rule for one in all_figures))
    for number, edit in enumerate(EDITS):
        yield _row(edit.family, edit.name, *(_percent(one.recall[number]) for one in all_figures))


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row(*("---" for _ in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _percent(share: float, places: int = 1) -> str:
    return f"{share * 100:.{places}f}".removesuffix(".0")
