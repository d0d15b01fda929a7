"""Statements that change remembered rows for a run, keep what they were before, and bring that back when it is undone.

Each table of facts has a second one beside it, with the same columns under the number of the run that changed them.
The values of the statements begin with the pair and the run.  Nothing here opens a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Statement = tuple[str, Sequence[tuple[object, ...]]]
"""An SQL statement and the values it is carried out with, one after the other."""

_NUMBER = "(SELECT number FROM sync_run WHERE pair = ?1 AND run = ?2)"


@dataclass(frozen=True, slots=True)
class History:
    """A table of facts by pair and path, and the one that keeps what was before.

    The first of ``columns`` is never empty in a fact: where it is, nothing was remembered.
    """

    table: str
    before: str
    columns: tuple[str, ...]

    @property
    def _listed(self) -> str:
        return ", ".join(self.columns)

    def kept(self, pair: int, run: str, paths: Sequence[bytes]) -> tuple[Statement, ...]:
        """Keep what is remembered of some paths as what was before ``run``; what was kept of them first stands."""
        something = (
            f"INSERT OR IGNORE INTO {self.before} SELECT pair, {_NUMBER}, path, {self._listed} FROM {self.table} "
            "WHERE pair = ?1 AND path = ?3"
        )
        empty = ", ".join("NULL" for _ in self.columns)
        nothing = f"INSERT OR IGNORE INTO {self.before} VALUES (?1, {_NUMBER}, ?3, {empty})"
        values = [(pair, run, path) for path in paths]
        return (something, values), (nothing, values)

    def forgotten(self, pair: int, paths: Sequence[bytes]) -> Statement:
        """Remember nothing of some paths."""
        return f"DELETE FROM {self.table} WHERE pair = ? AND path = ?", [(pair, path) for path in paths]

    def taken_back(self, pair: int, run: str) -> tuple[Statement, ...]:
        """Remember again what was remembered before ``run``, which was undone.

        What a later run has changed since is that run's: there it is what comes back when that one is undone.
        """
        later = (
            f"SELECT MIN(after.number) FROM {self.before} AS after "
            "WHERE after.pair = ?1 AND after.path = here.path AND after.number > here.number"
        )
        here = f"FROM {self.before} AS here WHERE here.pair = ?1 AND here.number = {_NUMBER}"
        alone = f"{here} AND ({later}) IS NULL"
        values = [(pair, run)]
        return (
            (f"DELETE FROM {self.table} WHERE pair = ?1 AND path IN (SELECT path {alone})", values),
            (
                f"INSERT OR REPLACE INTO {self.table} SELECT pair, path, {self._listed} "
                f"{alone} AND here.{self.columns[0]} IS NOT NULL",
                values,
            ),
            (
                f"INSERT OR REPLACE INTO {self.before} "
                f"SELECT pair, ({later}), path, {self._listed} {here} AND ({later}) IS NOT NULL",
                values,
            ),
            (f"DELETE FROM {self.before} WHERE pair = ?1 AND number = {_NUMBER}", values),
        )

    def trimmed(self, pair: int) -> Statement:
        """Drop what was before runs that are no longer kept."""
        return (
            f"DELETE FROM {self.before} WHERE pair = ? AND number NOT IN (SELECT number FROM sync_run WHERE pair = ?)",
            [(pair, pair)],
        )


AGREED = History("sync_agreed", "sync_before", ("low", "high", "content"))
PERMISSIONS = History("sync_permissions", "sync_permissions_before", ("permissions",))
