"""Pool whose work is done by a cluster: a ``concurrent.futures.Executor`` over ``dask.distributed``.

The scheduler there decides who does what, and gives the work of a lost worker to another.  Here is only what it can't
know: whether a worker may measure for this machine, and when to give up, in words.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from image_sync.archives.seen_at import Places, see
from image_sync.base import paths
from image_sync.base.model import Refused
from image_sync.cluster.probe import Seen, differences, probe, wrong_clock
from image_sync.cluster.request import Cluster
from image_sync.inventory.pool import RemotePool

TOGETHER = 16
"""Files of one task: so many were as fast as threads, single ones took 1.7 times as long (docs/scale.md)."""
REACHED_WITHIN = 10.0
"""Seconds in which a scheduler must answer."""
LOST_FOR = 30.0
"""Seconds after which a scheduler, or the last worker, that is gone is given up; a busy one may be silent for some."""
_LOOK = 1.0
_REASONS = 3


_logger = logging.getLogger(__name__)


class ClusterPool(RemotePool):
    """The workers of a cluster.  Raises ``Refused`` where it can't be reached or has no worker."""

    together = TOGETHER

    def __init__(self, cluster: Cluster, say: Callable[[str], None]) -> None:
        self._cluster, self._say = cluster, say
        self._client = _client(cluster.scheduler)
        self._executor: Executor = self._client.get_executor(pure=False, retries=1)
        self._looked = time.monotonic()
        self._lost: float | None = None
        self._seen: set[str] = set()
        if not self._workers():
            self.close()
            raise Refused(f"The cluster at {self._name} has no worker; start some with 'dask worker {self._name}'.")

    @property
    def threads(self) -> int:
        """Files that its workers read at once."""
        return sum(worker["nthreads"] for worker in self._workers().values()) or 1

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **_named: Any) -> Future[Any]:
        """Hand out one task.  Raises ``Refused`` once the cluster is gone."""
        try:
            return self._executor.submit(_done_there, work, self._cluster.places, *arguments)
        except Exception as error:
            raise self._gone() from error

    def view(self, folders: Sequence[str]) -> None:
        """Raise ``Refused`` unless all workers measure as this machine does and see the ``folders``."""
        fresh = [folder for folder in dict.fromkeys(folders) if folder not in self._seen]
        if not fresh:
            return
        before = time.time()
        try:
            answers = self._client.run(probe, fresh, self._cluster.places, on_error="return")
        except Exception as error:
            raise self._gone() from error
        after, here = time.time(), probe(fresh, ())
        reasons: list[str] = []
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, Seen):
                reasons += differences(worker, answer, here)
                if note := wrong_clock(worker, answer, before, after):
                    self._say(note)
            else:
                reasons.append(f"the worker {worker} can't run Image Sync: {answer}")
        if reasons:
            more = f"; and {len(reasons) - _REASONS} more" if len(reasons) > _REASONS else ""
            raise Refused(f"The cluster can't be used: {'; '.join(reasons[:_REASONS])}{more}.")
        self._seen.update(fresh)

    def check(self) -> None:
        """Raise ``Refused`` when the scheduler, or the last worker, has been gone for too long."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        if self._client.status == "running" and self._workers():
            self._lost = None
        elif self._lost is None:
            self._lost = now
        elif now - self._lost > LOST_FOR:
            raise self._gone()

    def failed(self, error: BaseException) -> bool:
        """Whether it is the cluster that failed at a task, which may then be done here; raises ``Refused`` where the
        cluster itself is gone."""
        module = type(error).__module__
        if type(error).__name__ == "KilledWorker":
            return True
        if module.startswith(("distributed", "concurrent", "asyncio")) or isinstance(error, OSError):
            raise self._gone() from error
        return False

    def close(self) -> None:
        """Let go of the cluster; what it still does for this run is given up."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """See ``Executor``."""
        self.close()

    @property
    def _name(self) -> str:
        return paths.display(self._cluster.scheduler)

    def _workers(self) -> dict[str, Any]:
        try:
            workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception:
            return {}
        return workers

    def _gone(self) -> Refused:
        _logger.warning("The cluster is gone: %s", self._client.status, exc_info=True)
        return Refused(
            f"The cluster at {self._name} is gone, or has no worker any more. What was read by then is remembered: "
            "start the cluster and this again, and it goes on from there."
        )


def _client(scheduler: str) -> Any:
    """The client of a scheduler, by its address or file.  Raises ``Refused``."""
    try:
        import distributed
    except ImportError:
        raise Refused("A cluster needs the package 'distributed': pip install 'image-sync[cluster]'") from None
    # Whatever it has to say of lost connections, the run says in words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    where: dict[str, Any] = {"address": scheduler}
    if "://" not in scheduler:
        if not os.path.isfile(scheduler):
            raise Refused(
                f"{paths.display(scheduler)} is no scheduler file, nor an address such as tcp://192.168.1.5:8786"
            )
        where = {"scheduler_file": scheduler}
    try:
        return distributed.Client(**where, timeout=REACHED_WITHIN, set_as_default=False, name="image-sync")
    except Exception as error:
        why = str(error).split("\n")[0] or type(error).__name__
        raise Refused(f"The scheduler at {paths.display(scheduler)} can't be reached: {why}") from error


def _done_there(work: Callable[[Any], Any], places: Places, *arguments: Any) -> Any:
    """Do work on a worker, which sees folders at ``places``."""
    see(places)
    return work(*arguments)
