"""Encoding on a real Ray cluster: several nodes on this machine, some of which are killed."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from checkout import SUPPORT, process_environment
from index_parts import put

from index.store.reader import Store

pytest.importorskip("ray", reason="Ray is not installed: pip install 'releaseqa[ray]'")

from ray_nodes import RayCluster, free_port, processes_of, ray_cluster, wait_until

pytestmark = pytest.mark.slow

_NODES = 3
_PASSAGES = 1_000
_WORDS = ["province", "bridge", "minister", "funding", "harbour", "school", "nurses", "wage"]

Vectors = dict[bytes, tuple[bytes, bytes]]


@pytest.fixture(scope="module", name="cluster")
def _cluster() -> Iterator[RayCluster]:
    """A cluster of three nodes with a processor each, beside its head node."""
    with ray_cluster() as cluster:
        for _ in range(_NODES):
            cluster.add_node()
        yield cluster


@pytest.fixture(scope="module", name="source")
def _source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases of a little more than `_PASSAGES` passages; some repeat a paragraph."""
    draw = random.Random(7)
    records = []
    for number in range(_PASSAGES // 6):
        paragraphs = [
            " ".join(
                f"The {' '.join(draw.choices(_WORDS, k=draw.randint(4, 20)))}." for _ in range(3)
            )
            for _ in range(6)
        ]
        if number % 3 == 0:
            paragraphs[2] = "The province supports the ferry. The council thanks the nurses."
        records.append({"id": f"r{number}", "title": "News", "text": "\n\n".join(paragraphs)})
    path = tmp_path_factory.mktemp("source") / "releases.jsonl"
    return put(path, "\n".join(map(json.dumps, records)))


@pytest.fixture(scope="module", name="expected")
def _expected(
    cluster: RayCluster, source: Path, tmp_path_factory: pytest.TempPathFactory
) -> Vectors:
    """The vectors that this machine computes without the cluster."""
    folder = tmp_path_factory.mktemp("alone") / "c"
    with _run(cluster, folder, source, "none") as run:
        assert 0 == run.end()["left"]
    return _vectors(folder)


class _Run:
    """A process that indexes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: list[dict[str, Any]] = []

    def until_held(self) -> None:
        """Read what it says until it waits for `go_on`."""
        assert self._process.stdout is not None
        while not self._lines or "held" not in self._lines[-1]:
            line = self._process.stdout.readline()
            assert line, self._process.communicate()[1]
            self._lines.append(json.loads(line))
            assert "error" not in self._lines[-1], line

    def go_on(self) -> None:
        """Have it go on after `until_held`."""
        assert self._process.stdin is not None
        self._lines.append({})
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> dict[str, Any]:
        """Wait for the end; return the last line. Ray itself has nothing said."""
        out, err = self._process.communicate(timeout=300)
        self._lines += map(json.loads, out.splitlines())
        assert (0, "") == (self._process.returncode, err)
        return self._lines[-1]

    def workers(self) -> list[str]:
        """Return what was said of the workers, without repetitions."""
        said = [line["workers"] for line in self._lines if line.get("workers")]
        return [now for before, now in zip([None, *said], said, strict=False) if before != now]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def _run(
    cluster: RayCluster | None, folder: Path, source: Path, address: str, *options: str
) -> _Run:
    return _Run(
        subprocess.Popen(
            [
                sys.executable, Path(SUPPORT) / "encode_on_ray.py", folder, source, address,
                *options,
            ],
            env=cluster.environment() if cluster else process_environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
    )  # fmt: skip


def _vectors(folder: Path) -> Vectors:
    with Store(folder) as store:
        rows = store.rows("SELECT vector_key, passage, sentences FROM vectors")
    return {key: (passage, sentences) for key, passage, sentences in rows}


def test_a_node_lost_on_the_way_changes_nothing(
    cluster: RayCluster, source: Path, expected: Vectors, tmp_path: Path
) -> None:
    """One of three nodes is killed with its blocks in hand, and another one joins.

    Every text has one vector, and the vectors are, bit by bit, those of this machine alone.
    """
    with _run(cluster, tmp_path / "c", source, cluster.address, "--hold", "100") as run:
        run.until_held()
        wait_until(lambda: _NODES == len(cluster.idle_workers()))  # so that all get blocks
        run.go_on()
        run.until_held()
        cluster.kill_node(cluster.nodes[1])
        cluster.add_node()
        run.go_on()

        assert 0 == run.end()["left"]
        assert {"3 workers", "2 workers"} <= set(run.workers())
    assert expected == _vectors(tmp_path / "c")


def test_an_interrupted_run_goes_on(
    cluster: RayCluster, source: Path, expected: Vectors, tmp_path: Path
) -> None:
    """What a run encoded before Ctrl+C is kept, and another one, from outside, does the rest."""
    with _run(cluster, tmp_path / "c", source, cluster.address, "--stop", "200") as first:
        stopped = first.end()
    kept = _vectors(tmp_path / "c")
    assert stopped["interrupted"]
    assert 200 <= stopped["encoded"] < _PASSAGES
    assert kept.items() <= expected.items()

    with _run(cluster, tmp_path / "c", source, cluster.client_address) as second:
        assert {"encoded": stopped["left"], "left": 0, "interrupted": False} == second.end()
    found = _vectors(tmp_path / "c")
    assert kept.items() <= found.items()
    assert expected.keys() == found.keys()


def test_a_node_with_other_versions_is_refused(source: Path, tmp_path: Path) -> None:
    """A node with another version of a library that computes vectors ends the run."""
    put(
        tmp_path / "other" / "tokenizers-0.0.1.dist-info" / "METADATA",
        "Metadata-Version: 2.1\nName: tokenizers\nVersion: 0.0.1\n",
    )
    with ray_cluster() as cluster:
        path = os.pathsep.join([str(tmp_path / "other"), cluster.environment()["PYTHONPATH"]])
        cluster.add_node({"PYTHONPATH": path})
        with _run(cluster, tmp_path / "c", source, cluster.address) as run:
            error = run.end()["error"]
    assert "is refused" in error
    assert "it has other versions: tokenizers 0.0.1, here " in error
    assert {} == _vectors(tmp_path / "c")


def test_a_cluster_that_is_lost_ends_the_run(source: Path, tmp_path: Path) -> None:
    """The head node goes: one line says so, what was encoded is kept, and nothing waits on."""
    with ray_cluster() as cluster:
        cluster.add_node()
        with _run(cluster, tmp_path / "c", source, cluster.address, "--hold", "100") as run:
            run.until_held()
            run.go_on()
            run.until_held()
            cluster.close()
            run.go_on()
            error = run.end()["error"]
    assert "the Ray cluster was lost" in error
    assert "run the same command again to continue" in error
    assert 0 < len(_vectors(tmp_path / "c")) < _PASSAGES


def test_a_cluster_that_is_away_is_told_before_anything_is_read(
    source: Path, tmp_path: Path
) -> None:
    """Nobody listens at the address: the error names it, and no collection is made."""
    address = f"127.0.0.1:{free_port()}"
    with _run(None, tmp_path / "c", source, address) as run:
        assert f"no Ray cluster answers at {address}" in run.end()["error"]
    assert not (tmp_path / "c").exists()


def test_ctrl_c_ends_a_cluster_of_the_run(source: Path, tmp_path: Path) -> None:
    """`--ray local` in a terminal: after Ctrl+C no process and no file of its cluster is left."""
    files = set(Path(tempfile.gettempdir()).glob("rq-*"))
    process = subprocess.Popen(
        [
            sys.executable, "-m", "qa", "--index", tmp_path / "c", "index", source,
            "--ray", "local",
        ],
        env=process_environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        wait_until(lambda: processes_of(process.pid, "ray::EncodingWorker.prepare"))
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert (130, "Stopping; press Ctrl+C again to stop at once.\n") == (process.returncode, err)
    assert "the same command again to continue" in out
    wait_until(lambda: not processes_of(process.pid), 30)
    assert files == set(Path(tempfile.gettempdir()).glob("rq-*"))
