"""Notebook of the catalog: verdicts on pairs, which pictures were searched together, what a person decided.

Verdicts and searches cost time when they are lost; what a person decided ("not a match") is kept for ever.
"""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping

from image_sync.inventory.keys import Refusal, RefusedPair, SearchRule, VerdictRule
from image_sync.inventory.storage import Storage

SEARCHES = 8
"""Searches of a rule that are remembered: one for each pair of folders that somebody sorts now and then."""
_SCORE_STEPS = 10_000


class Notebook(Storage):
    """Findings about pairs of contents, by their rows."""

    # --- verdicts on pairs ---

    def verdicts(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], bool]:
        """Verdicts of earlier runs on pairs of contents, by their rows: those whose first is among ``firsts``."""
        return {rows: bool(same) for rows, same in self._decided(firsts, rule)}

    def store_verdicts(self, verdicts: Mapping[tuple[int, int], bool], rule: VerdictRule) -> None:
        """Remember verdicts, by the rows of the two contents."""
        self._decide(verdicts, rule)

    def confirmed(self, firsts: Iterable[int], rule: VerdictRule) -> list[tuple[int, int]]:
        """The pairs whose ``verdicts`` are true."""
        return [rows for rows, _ in self._decided(firsts, rule, only="AND same")]

    def scores(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], float]:
        """Similarities that earlier runs found, else like ``verdicts``; 0 for those that don't match."""
        return {rows: same / _SCORE_STEPS for rows, same in self._decided(firsts, rule)}

    def store_scores(self, scores: Mapping[tuple[int, int], float], rule: VerdictRule) -> None:
        """Remember scores (0-1, to four places), by the rows of the two contents."""
        self._decide({rows: round(score * _SCORE_STEPS) for rows, score in scores.items()}, rule)

    def alike(self, firsts: Iterable[int], rule: VerdictRule) -> dict[tuple[int, int], float]:
        """The ``scores`` that are not 0."""
        return {rows: same / _SCORE_STEPS for rows, same in self._decided(firsts, rule, only="AND same")}

    def _decided(
        self, firsts: Iterable[int], rule: VerdictRule, only: str = ""
    ) -> Iterator[tuple[tuple[int, int], int]]:
        number = self._rule(rule)
        if number is None:
            return
        query = f"SELECT first, second, same FROM known_verdict WHERE rule = ? AND turn = ? {only} AND first IN ({{}})"
        for first, second, same in self._in_parts(query, firsts, number, rule.turn):
            yield (first, second), same

    def _rule(self, rule: VerdictRule) -> int | None:
        """The number by which verdicts know a rule; ``None`` while there is none."""
        with self._lock:
            row = self._connection.execute("SELECT id FROM known_rule WHERE text = ?", (rule.key(),)).fetchone()
        return row[0] if row else None

    def _decide(self, verdicts: Mapping[tuple[int, int], int], rule: VerdictRule) -> None:
        with self._lock, self._transaction():
            self._connection.execute("INSERT OR IGNORE INTO known_rule (text) VALUES (?)", (rule.key(),))
            number = self._rule(rule)
            self._connection.executemany(
                "INSERT OR REPLACE INTO known_verdict VALUES (?, ?, ?, ?, ?)",
                [(number, rule.turn, *rows, same) for rows, same in verdicts.items()],
            )

    # --- searches ---

    def searched(self, rule: SearchRule) -> list[frozenset[int]]:
        """Content rows that were searched together by ``rule``, newest first: of each search, every pair that the
        rule proposes among them has its score."""
        query = "SELECT contents FROM known_search WHERE rule = ? ORDER BY id DESC"
        with self._lock:
            return [frozenset(array("q", data)) for (data,) in self._connection.execute(query, (rule.key(),))]

    def store_searched(self, contents: Iterable[int], rule: SearchRule) -> None:
        """Remember that these content rows were searched together; what that makes superfluous is forgotten."""
        now, key = frozenset(contents), rule.key()
        with self._lock, self._transaction():
            rows = self._connection.execute("SELECT id, rule, contents FROM known_search ORDER BY id DESC").fetchall()
            others = [(row, frozenset(array("q", data))) for row, of_rule, data in rows if of_rule == key]
            covered = [row for row, known in others if known <= now]
            kept = [row for row, known in others if not known <= now]
            gone = [(row,) for row in (*covered, *kept[SEARCHES - 1 :])]
            self._connection.executemany("DELETE FROM known_search WHERE id = ?", gone)
            values = (key, array("q", sorted(now)).tobytes())
            self._connection.execute("INSERT INTO known_search (rule, contents) VALUES (?, ?)", values)

    # --- decisions ---

    def refuse(self, pair: RefusedPair, files: tuple[str, str] | None = None) -> None:
        """Remember for ever that two contents are no match, and the ``files`` that it was said of."""
        with self._lock, self._transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO refused VALUES (?, ?, ?)", (*pair.key(), time.strftime("%Y-%m-%dT%H:%M:%S"))
            )
            if files is not None:
                self._connection.execute(
                    "INSERT OR REPLACE INTO refused_files VALUES (?, ?, ?, ?)", (*pair.key(), *map(os.fsencode, files))
                )

    def refused(self) -> frozenset[RefusedPair]:
        """All pairs that are no match."""
        with self._lock:
            rows = self._connection.execute("SELECT first, second FROM refused")
            return frozenset(RefusedPair(first, second) for first, second in rows)

    def refusals(self) -> list[Refusal]:
        """All pairs that are no match, with when and of which files that was said, the newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT first, second, decided, path, other FROM refused LEFT JOIN refused_files USING (first, second) "
                "ORDER BY decided DESC, first, second"
            ).fetchall()
        return [
            Refusal(RefusedPair(first, second), decided, (os.fsdecode(path or b""), os.fsdecode(other or b"")))
            for first, second, decided, path, other in rows
        ]

    def forget_refused(self, pair: RefusedPair) -> bool:
        """Forget that two contents are no match; whether it was remembered."""
        where = "WHERE first = ? AND second = ?"
        with self._lock, self._transaction():
            self._connection.execute(f"DELETE FROM refused_files {where}", pair.key())
            return self._connection.execute(f"DELETE FROM refused {where}", pair.key()).rowcount > 0

    def clear_refused(self) -> int:
        """Forget every "not a match"; the number of them is returned."""
        with self._lock, self._transaction():
            self._connection.execute("DELETE FROM refused_files")
            return self._connection.execute("DELETE FROM refused").rowcount
