"""Real nodes of a Ray cluster on this machine, each a group of processes that can be killed."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from checkout import process_environment

_OBJECTS = 80_000_000
"""Bytes of shared memory of a node, little more than the least that Ray accepts."""
_START_S = 120


class RayCluster:
    """A cluster whose head node has no processors, so that any other node can be killed."""

    def __init__(self, folder: str) -> None:
        """Start the head node; `folder` has a short path, for Ray's sockets."""
        self._folder = folder
        self._settings = {
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",  # tests on a busy machine would starve
            "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": "240",  # the usual 30 s are too few there
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "OMP_NUM_THREADS": "1",
        }
        self._host = "127.0.0.1"
        self._port, self._client_port = free_port(), free_port()
        self.nodes: list[subprocess.Popen[bytes]] = []
        self.head = self._start(
            "--head",
            f"--port={self._port}",
            f"--ray-client-server-port={self._client_port}",
            "--include-dashboard=false",
            f"--temp-dir={folder}",
            processors=0,
        )

    @property
    def address(self) -> str:
        """The address for a process on one of the nodes."""
        return f"{self._host}:{self._port}"

    @property
    def client_address(self) -> str:
        """The address for a process elsewhere."""
        return f"ray://{self._host}:{self._client_port}"

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of a process that may use the cluster."""
        return process_environment({**self._settings, **(extra or {})})

    def add_node(self, extra: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a node with one processor; `extra` is added to its environment.

        `nodes` has the head node and after it the others, in the order in which they were started.
        """
        return self._start(f"--address={self.address}", processors=1, extra=extra)

    def kill_node(self, node: subprocess.Popen[bytes]) -> None:
        """Kill all processes of a node at once, as a machine that loses its power."""
        os.killpg(node.pid, signal.SIGKILL)
        node.wait()
        self.nodes.remove(node)

    def idle_workers(self) -> list[int]:
        """Return the processes that have loaded the model and wait for work."""
        return [
            process
            for node in self.nodes
            for process in processes_of(node.pid, "ray::EncodingWorker")
        ]

    def close(self) -> None:
        """Kill all nodes."""
        for node in [*self.nodes]:
            self.kill_node(node)

    def _start(
        self, *options: str, processors: int, extra: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        log = Path(self._folder, f"node-{len(self.nodes)}.log")
        with log.open("wb") as stream:
            node = subprocess.Popen(
                [
                    Path(sys.executable).with_name("ray"), "start", "--block", *options,
                    f"--num-cpus={processors}", f"--object-store-memory={_OBJECTS}",
                    f"--node-ip-address={self._host}", "--disable-usage-stats",
                ],
                env=self.environment(extra), stdout=stream, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        self.nodes.append(node)
        end = time.monotonic() + _START_S
        while "Ray runtime started" not in log.read_text():
            assert node.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        return node


@contextmanager
def ray_cluster() -> Iterator[RayCluster]:
    """Start a cluster; kill it at the end."""
    with tempfile.TemporaryDirectory(
        prefix="rt-", dir="/tmp", ignore_cleanup_errors=True
    ) as folder:
        cluster = RayCluster(folder)
        try:
            yield cluster
        finally:
            cluster.close()


def processes_of(session: int, title: str | None = None) -> list[int]:
    """Return the processes of a session, those with a title if one is given."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            words = (folder / "cmdline").read_bytes().strip(b"\0 ").decode()
            if os.getsid(int(folder.name)) == session and words and title in {None, words}:
                found.append(int(folder.name))
    return found


def wait_until(condition: Callable[[], object], seconds: float = 240) -> None:
    """Wait until something is true; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
