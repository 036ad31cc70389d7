"""A program that reads documents one after the other, for `index.readers.reading_process`.

A request on standard input is a line of JSON, `{"size", "extension", "inside", "max_bytes"}`, and
`size` bytes. Each release is answered by a line of `index.readers.draft_json`, and the document by
an empty line at its end. The process ends when standard input does, or when a release takes more
than `CPU_SECONDS`.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # started by its path, wherever the package is
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index.errors import SourceError
from index.readers import draft_json
from index.readers.base import HEAD, parser_guard
from index.readers.registry import reader_for
from index.readers.worker_limits import allow_cpu, limit

CPU_SECONDS = 60
"""Processor time for one release."""

MAX_MEMORY = 3_000_000_000
"""Bytes of address space, a third of which the libraries take."""


def main() -> None:
    """Answer requests."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:  # for a library that prints
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    limit("RLIMIT_AS", MAX_MEMORY)
    limit("RLIMIT_CORE", 0)
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        allow_cpu(CPU_SECONDS)
        for found in _read(data, request):
            answers.write(found.encode() + b"\n")
            answers.flush()
            allow_cpu(CPU_SECONDS)
        answers.write(b"\n")
        answers.flush()


def _read(data: bytes, request: dict[str, Any]) -> Iterator[str]:
    try:
        with parser_guard("it"):
            reader = reader_for(data[:HEAD], request["extension"], inside=request["inside"])
            for found in reader.read(io.BytesIO(data), request["max_bytes"]):
                yield draft_json.dump(found)
    except SourceError as error:
        yield draft_json.dump_refusal(error)


if __name__ == "__main__":
    main()
