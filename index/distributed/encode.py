"""Encode blocks of passages on the machines of a Ray cluster.

Each machine has workers, which load the model once. A worker has one block in hand and one that
waits. The blocks of a worker that is lost go to the others. Vectors are stored by this process
alone, under the hash of what was encoded, so that a block that was computed twice is stored once.

Machines that join the cluster during the run get workers, too.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from index.distributed import worker as worker_module
from index.distributed.address import Address, parse_address
from index.distributed.check import fault, refusal
from index.distributed.connection import answers, cause, connected, import_ray
from index.distributed.worker import (
    EncodingWorker,
    Packed,
    Passages,
    encode_packed,
    library_versions,
    probe_passages,
)
from index.encoders.model import Model
from index.encoders.sbert import MOST_LANES
from index.errors import ClusterError

if TYPE_CHECKING:
    from index.encoders.sbert import BulkEncoder

Key = TypeVar("Key")

PATIENCE_S = 300.0
"""Seconds without any worker after which the run ends: as long as machines that other programs use
may take to load a model."""

_AHEAD = 2
"""Blocks that a worker has: one in hand, one that waits, so that it never waits itself."""
_ATTEMPTS = 5
"""Workers that may fail on a block, or on a machine without having encoded anything there."""
_LOOK_S = 2.0
"""Seconds between looks at the machines of the cluster."""
_GONE_S = 15.0
"""Seconds for which the head node may not answer. Ray ends this process after a minute of it."""
_WAIT_S = 0.2
_FETCH_S = 60.0


def encode_on_cluster(
    address: str,
    model: Model,
    encoder: "BulkEncoder",
    blocks: Iterator[tuple[Sequence[Key], Passages]],
    cancelled: Callable[[], bool],
    *,
    patience_s: float = PATIENCE_S,
) -> Iterator[tuple[Sequence[Key], list[Packed], int]]:
    """Encode blocks of passages on a cluster.

    Args:
        address: Of the cluster.
        model: The model.
        encoder: The model as this machine loads it, which decides about the precision.
        blocks: Keys of passages and the passages, read as workers need them.
        cancelled: Asked often; when true, blocks that are not done are given up.
        patience_s: Seconds to wait when there is no worker.

    Yields:
        For each block, in the order in which they are done: its keys, its vectors, and the number
        of workers. Sometimes no keys, when that number changed.

    Raises:
        ClusterError: When the cluster cannot be reached or used, or a machine would compute other
            vectors than this one.
    """
    probe = encode_packed(encoder, probe_passages())
    with connected(parse_address(address)) as head:
        wanted = (model.spec.name, str(model.folder), model.spec.fingerprint)
        pool = _Pool(head, wanted, probe, encoder.bfloat16, model.spec.dimension, patience_s)
        try:
            yield from pool.encode(blocks, cancelled)
        finally:
            pool.close()


@dataclass(eq=False)
class _Task:
    """A block under way; `keys` is None while a worker loads the model."""

    worker: "_Worker"
    keys: Sequence[Any] | None = None
    passages: Passages = ()
    failures: int = 0


@dataclass(eq=False)
class _Worker:
    actor: Any
    node: str
    processors: int
    ready: bool = False
    host: str = "?"
    tasks: list[_Task] = field(default_factory=list)


class _Pool:
    """The workers of a cluster."""

    def __init__(
        self,
        head: Address,
        wanted: tuple[str, str, str],
        probe: Sequence[Packed],
        bfloat16: bool,
        dimension: int,
        patience_s: float,
    ) -> None:
        self._ray = import_ray()
        self._ray.cloudpickle.register_pickle_by_value(worker_module)
        self._actor_class = self._ray.remote(EncodingWorker)
        self._head, self._wanted, self._probe = head, wanted, probe
        self._bfloat16, self._dimension, self._patience_s = bfloat16, dimension, patience_s
        self._versions = library_versions()
        self._workers: list[_Worker] = []
        self._tasks: dict[Any, _Task] = {}  # by the reference to the result
        self._again: deque[_Task] = deque()
        self._failures: dict[str, int] = {}  # of a machine, since a worker there had success
        self._why = "none has loaded the model; are all processors of the cluster in use?"
        self._looked = -_LOOK_S
        self._answered = self._had_worker = time.monotonic()

    def encode(
        self,
        blocks: Iterator[tuple[Sequence[Any], Passages]],
        cancelled: Callable[[], bool],
    ) -> Iterator[tuple[Sequence[Any], list[Packed], int]]:
        shown = 0
        left = True
        while not cancelled():
            self._look()
            left = self._hand_out(blocks) if left else self._hand_out(iter(()))
            working = sum(worker.ready for worker in self._workers)
            if working != shown:
                shown = working
                yield (), [], shown
            if not (left or self._again or self._blocks_under_way()):
                return
            for task, vectors in self._results():
                yield task.keys or (), vectors, shown

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            with contextlib.suppress(Exception):  # it may be gone
                self._ray.kill(worker.actor)
        self._workers.clear()
        self._tasks.clear()

    def _blocks_under_way(self) -> bool:
        return any(task.keys is not None for task in self._tasks.values())

    def _look(self) -> None:
        """Start workers on machines that have none.

        Raises:
            ClusterError: When the cluster is gone, or has had no worker for long.
        """
        now = time.monotonic()
        if any(worker.ready for worker in self._workers):
            self._had_worker = now
        elif now - self._had_worker > self._patience_s:
            raise ClusterError(
                f"the Ray cluster had no worker that encodes for {self._patience_s:.0f} s "
                f"({self._why}); finished work is kept; run the same command again to continue"
            )
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        if not answers(self._head):
            if now - self._answered > _GONE_S:
                raise self._gone("its head node does not answer")
            return
        self._answered = now
        nodes = {node["NodeID"]: int(node["Resources"].get("CPU", 0)) for node in self._nodes()}
        for node, processors in nodes.items():
            if self._failures.get(node, 0) >= _ATTEMPTS:
                continue
            free = processors - sum(w.processors for w in self._workers if w.node == node)
            while free > 0:
                self._start_worker(node, min(free, MOST_LANES))
                free -= MOST_LANES
        if not self._workers and any(nodes.values()):
            raise ClusterError(f"no machine of the Ray cluster can encode ({self._why})")

    def _nodes(self) -> list[dict[str, Any]]:
        try:
            return [node for node in self._ray.nodes() if node["Alive"]]
        except Exception as error:
            raise self._gone(cause(error)) from error

    def _start_worker(self, node: str, processors: int) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        name, folder, fingerprint = self._wanted
        actor = self._actor_class.options(
            num_cpus=processors,
            max_restarts=0,
            max_task_retries=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
        ).remote(name, folder, fingerprint, bfloat16=self._bfloat16)
        worker = _Worker(actor, node, processors)
        self._workers.append(worker)
        self._tasks[actor.prepare.remote()] = _Task(worker)

    def _hand_out(self, blocks: Iterator[tuple[Sequence[Any], Passages]]) -> bool:
        """Give blocks to workers that have too few; return whether more are left."""
        for count in range(_AHEAD):  # first one to each, then the one that waits
            for worker in self._workers:
                if not worker.ready or len(worker.tasks) > count:
                    continue
                if self._again:
                    task = self._again.popleft()
                    task.worker = worker
                else:
                    block = next(blocks, None)
                    if block is None:
                        return False
                    task = _Task(worker, *block)
                worker.tasks.append(task)
                self._tasks[worker.actor.encode.remote(task.passages)] = task
        return True

    def _results(self) -> Iterator[tuple[_Task, list[Packed]]]:
        """Yield the blocks that are done, after a short wait; note what else has happened."""
        if not self._tasks:
            time.sleep(_WAIT_S)
            return
        try:
            done, _ = self._ray.wait(list(self._tasks), num_returns=1, timeout=_WAIT_S)
        except Exception as error:
            raise self._gone(cause(error)) from error
        for reference in done:
            task = self._tasks.pop(reference, None)
            if task is None:  # its worker was lost meanwhile
                continue
            found = self._fetch(reference, task)
            if found is None:
                continue
            if task.keys is None:
                self._accept(task.worker, found)
                continue
            task.worker.tasks.remove(task)
            self._failures.pop(task.worker.node, None)
            if problem := fault(task.passages, found, self._dimension):
                raise ClusterError(f"the Ray node {task.worker.host} sent {problem}")
            yield task, found

    def _fetch(self, reference: Any, task: _Task) -> Any:  # noqa: ANN401 - what a worker returns
        """Return a result; None if its worker failed or was lost."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(reference, timeout=_FETCH_S)
        except errors.RayTaskError as error:  # the worker is there, and raised it
            self._why = cause(error)
            if task.keys is None:
                self._lose(task.worker)
            else:
                task.worker.tasks.remove(task)
                self._try_again(task)
        except errors.RayError as error:
            self._why = cause(error)
            self._lose(task.worker)
        except Exception as error:
            raise self._gone(cause(error)) from error
        return None

    def _accept(self, worker: _Worker, there: dict[str, Any]) -> None:
        worker.host = str(there.get("host"))
        problem = refusal(self._versions, self._probe, there, self._dimension)
        if problem is not None:
            raise ClusterError(
                f"the Ray node {worker.host} is refused, because its vectors would not be those "
                f"of this machine: {problem}"
            )
        worker.ready = True

    def _lose(self, worker: _Worker) -> None:
        """Forget a worker; its blocks go to others."""
        if worker not in self._workers:
            return
        self._workers.remove(worker)
        self._failures[worker.node] = self._failures.get(worker.node, 0) + 1
        with contextlib.suppress(Exception):
            self._ray.kill(worker.actor)
        for reference in [key for key, task in self._tasks.items() if task.worker is worker]:
            del self._tasks[reference]
        if worker.tasks:  # the first was in hand and may be what ended the worker
            self._try_again(worker.tasks[0])
            self._again.extend(worker.tasks[1:])

    def _try_again(self, task: _Task) -> None:
        task.failures += 1
        if task.failures >= _ATTEMPTS:
            raise ClusterError(
                f"{_ATTEMPTS} workers of the Ray cluster failed on the same passages "
                f"({self._why}); finished work is kept"
            )
        self._again.append(task)

    def _gone(self, why: str) -> ClusterError:
        return ClusterError(
            f"the Ray cluster was lost ({why}); finished work is kept; run the same command again "
            "to continue"
        )
