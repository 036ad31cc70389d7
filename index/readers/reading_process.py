"""A process in which documents are read, so that one can be ended or crash without the program.

Some parsers are written in C and cannot be interrupted, and none of them promises to end. The
process is started when it is first needed and reads one document after the other. It is ended, and
started anew for the next document, when one takes too long or reading is interrupted.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from index.errors import SourceError
from index.readers import draft_json
from index.readers.base import BadRecord, Container, Draft
from index.readers.isolated_worker import CPU_SECONDS

WALL_SECONDS = 300.0
"""Longest wait for a release, however busy the machine is."""

_MAX_LINE = 256_000_000
"""Bytes of an answer."""

_WORKER = Path(__file__).with_name("isolated_worker.py")


class ReadingProcess:
    """Reads documents in a process of its own, which ends with the block."""

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        """Wait at most `wall_seconds` for a release. Nothing is started yet."""
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._timed_out = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self.close()

    def read(
        self, data: bytes, extension: str, inside: Container | None, max_bytes: int
    ) -> Iterator[Draft | BadRecord]:
        """Yield what the reader of `data` finds.

        Raises:
            SourceError: When it refuses the source, takes too long, or crashes.
        """
        whole = False
        try:
            for line in self._lines(data, extension, inside, max_bytes):
                yield draft_json.parse(line)
            whole = True
        finally:
            if not whole:  # answers may be on their way still
                self.close()

    def close(self) -> None:
        """End the process, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    _open(stream).close()
            process.wait()

    def _lines(
        self, data: bytes, extension: str, inside: Container | None, max_bytes: int
    ) -> Iterator[bytes]:
        """Yield the answers to a request."""
        process = self._started()
        request = {
            "size": len(data), "extension": extension, "inside": inside, "max_bytes": max_bytes,
        }  # fmt: skip
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            stdin = _open(process.stdin)
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.write(data)
            stdin.flush()
        while (line := self._next_line(process)) != b"\n":
            yield line

    def _next_line(self, process: subprocess.Popen[bytes]) -> bytes:
        """Return the next line of the process, which is ended when it takes too long.

        Raises:
            SourceError: When there is no line.
        """
        timer = threading.Timer(self._wall_seconds, self._end_late, [process])
        timer.daemon = True
        timer.start()
        try:
            line = _open(process.stdout).readline(_MAX_LINE)
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return line
        if self._timed_out:
            raise SourceError(f"reading it took more than {self._wall_seconds:.0f} seconds")
        if line:
            raise SourceError("it is too large to be a release")
        if process.wait() == -getattr(signal, "SIGXCPU", 0):
            raise SourceError(f"reading it took more than {CPU_SECONDS} seconds")
        raise SourceError("it cannot be parsed")

    def _end_late(self, process: subprocess.Popen[bytes]) -> None:
        self._timed_out = True
        _kill(process)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._timed_out = False
            self._process = subprocess.Popen(  # noqa: S603 - our own file, no words of a document
                # -P: the worker's own folder is not on its import path
                [sys.executable, "-P", "-X", "utf8", str(_WORKER)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                process_group=None if os.name == "nt" else 0,  # so that Ctrl+C does not reach it
            )  # fmt: skip
        return self._process


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("not a pipe")
    return stream


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and one that it started for a PDF document."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
