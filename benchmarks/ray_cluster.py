"""Encode on three Ray nodes on this machine, kill one on the way, compare with a single process.

    python benchmarks/ray_cluster.py --passages 50000 [--keep FOLDER]

Releases of us-congress with about so many passages are indexed by words. One copy of the collection
is encoded by this machine as always, another on a cluster of three nodes with one processor each,
one of which is killed when a third is done. Then every passage must have a vector, every text one,
and the vectors must be those of the first copy, bit by bit. Needs the extra `ray`.

The nodes share the processors of this machine, so that the rates say what the cluster costs, not
what it gains. `load` is the load of the machine at the beginning of each run; other programs count.
With --keep, an interrupted run is continued by the same command.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from ray_nodes import RayCluster, ray_cluster  # noqa: E402

from index.ingest.update import update_collection  # noqa: E402
from index.reports import Progress  # noqa: E402
from index.store.reader import Store  # noqa: E402

CORPUS = ROOT.parent / "shared" / "data" / "press" / "us-congress" / "corpus.jsonl.gz"
RESULT = ROOT / "benchmarks" / "results" / "ray_cluster.json"
PASSAGES_A_RELEASE = 7.5
NODES = 3


def index_words(folder: Path, source: Path) -> int:
    """Index a source by words; return how many passages are left to encode."""
    encoding = False

    def watch(progress: Progress) -> None:
        nonlocal encoding
        encoding = progress.stage == "meaning"

    return update_collection(folder, [source], progress=watch, cancelled=lambda: encoding).to_encode


def encode(folder: Path, source: Path, cluster: RayCluster | None) -> Iterator[dict[str, Any]]:
    """Encode in a process of its own; yield what it reports, with the time."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'support'}"}
    address = "none"
    if cluster is not None:
        environment, address = cluster.environment(), cluster.address
    process = subprocess.Popen(
        [
            sys.executable, ROOT / "tests" / "support" / "encode_on_ray.py", folder, source,
            address, "--usual-blocks",
        ],
        env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout or ():
        yield json.loads(line) | {"at": time.monotonic()}
    if process.wait():
        raise SystemExit(f"the encoding process ended with {process.returncode}")


def rate(reports: list[dict[str, Any]]) -> int | None:
    """Return the passages a second from the first that were done to the last; None if none were."""
    done = [report for report in reports if report.get("done")]
    if not done:
        return None
    return round((done[-1]["done"] - done[0]["done"]) / max(done[-1]["at"] - done[0]["at"], 1e-9))


def vectors(folder: Path) -> dict[bytes, tuple[bytes, bytes]]:
    """Return the vectors of a collection by their key."""
    with Store(folder) as store:
        rows = store.rows("SELECT vector_key, passage, sentences FROM vectors")
    return {key: (passage, sentences) for key, passage, sentences in rows}


@contextmanager
def work_folder(keep: Path | None) -> Iterator[Path]:
    """Yield an empty folder; remove it at the end, unless it is to be kept."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def measure(work: Path, corpus: Path, passages: int) -> dict[str, Any]:
    """Run everything; return the result."""
    source = work / "releases.jsonl"
    alone, many = work / "alone", work / "many"
    if not many.exists():
        with gzip.open(corpus, "rt", encoding="utf-8") as lines:
            chosen = list(islice(lines, int(passages / PASSAGES_A_RELEASE)))
        source.write_text("".join(chosen), encoding="utf-8")
        index_words(alone, source)
        shutil.copytree(alone, many)
    with Store(many) as store:
        pending = store.pending()
        result: dict[str, Any] = {
            "releases": store.count("releases"),
            "passages": store.count("passages"),
            "passages to encode on the cluster": pending,
            "nodes": NODES,
        }
    print(result, flush=True)

    result["load, alone"] = round(os.getloadavg()[0], 1)
    reports = list(encode(alone, source, None))
    result["alone, passages a second"] = rate(reports)
    print(result, flush=True)

    result["load, cluster"] = round(os.getloadavg()[0], 1)
    reports, killed = [], None
    with ray_cluster() as cluster:
        nodes = [cluster.add_node() for _ in range(NODES)]
        for report in encode(many, source, cluster):
            reports.append(report)
            if killed is None and report.get("done", 0) >= pending / 3:
                cluster.kill_node(nodes[0])
                killed = len(reports)
                result["killed after passages"] = report["done"]
                print(result, flush=True)
    result["three nodes, passages a second"] = rate(reports[:killed])
    result["two nodes, passages a second"] = rate(reports[killed:])
    said = [report["workers"] for report in reports if report.get("workers")]
    result["workers"] = [
        now for before, now in zip([None, *said], said, strict=False) if before != now
    ]
    expected, found = vectors(alone), vectors(many)
    with Store(many) as store:
        result["passages without a vector"] = store.pending()
    result["texts"] = len(expected)
    result["texts with one vector each"] = len(found) if found.keys() == expected.keys() else None
    result["vectors with other bits"] = sum(expected[key] != found.get(key) for key in expected)
    return result


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with work_folder(given.keep) as work:
        result = measure(work, given.corpus, given.passages)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
