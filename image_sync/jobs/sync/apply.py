"""Carrying out of a sync: two folders that hold the same, and a memory that says so.

The executor does the work and knows nothing of two sides; its outcomes become memory and log as they come.
"""

from __future__ import annotations

import time

from image_sync.apply import executor, journal
from image_sync.base.errors import unread
from image_sync.base.model import Plan, Refused, RunResult, RunState
from image_sync.inventory.context import RunContext
from image_sync.jobs.sync.earlier_runs import journal_size
from image_sync.jobs.sync.log import SyncLog
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import SyncReview
from image_sync.jobs.sync.recording import Recorder
from image_sync.jobs.sync.scanned import Scanned


def carry_out(
    plan: Plan,
    memory: SyncMemory,
    log: SyncLog,
    context: RunContext,
    *,
    scanned: Scanned | None = None,
    review: SyncReview | None = None,
) -> RunResult:
    """Carry out ``plan``, whose folders the caller holds, and remember what came of it.

    ``scanned`` and ``review`` are what the plan was made from; without them less can be remembered.  Raises ``Refused``
    before anything is touched.
    """
    try:
        recorder = Recorder(plan, memory, log, scanned)
    except OSError as error:
        raise Refused(f"{unread(error)}. Nothing was touched.") from error
    if review is not None and scanned is not None:
        recorder.settle(review)
    if not plan.operations:
        recorder.leave()
        return RunResult("", RunState.FINISHED, 0, 0, 0)
    log.run = journal.new_run_id(time.time())
    memory.account(log.run, 0)
    try:
        return executor.execute(
            plan,
            reporter=context.reporter,
            control=context.control,
            run=log.run,
            follower=executor.Follower(recorder.take, held=True, sums=True),
        )
    finally:
        recorder.finish()
        recorder.leave()
        memory.account(log.run, journal_size(log.run))
