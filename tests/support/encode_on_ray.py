"""Index a source on a Ray cluster, as a process of its own that can be held up on the way.

    python encode_on_ray.py FOLDER SOURCE ADDRESS [--hold N] [--stop N] [--usual-blocks]

ADDRESS is `none` to encode without a cluster. Each progress report of the encoding is a line of
JSON on standard output: passages done, and the workers. With `--hold`, the process waits for a line
on standard input as soon as there is a worker, and again as soon as N passages are done: what is
done meanwhile is done in the middle of the run. With `--stop`, it is interrupted after N passages.
The last line is the report, or the error.
"""

import argparse
import json
import sys
from pathlib import Path

from index.errors import ReleaseIndexError
from index.ingest import embed
from index.ingest.interruptible import StopRequest
from index.ingest.update import update_collection
from index.reports import Progress

BATCH = 96
"""Passages of a block: few, so that there are many blocks, and enough that Ray leaves the vectors
on the node that made them, where they can be lost."""


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("address")
    parser.add_argument("--hold", type=int)
    parser.add_argument("--stop", type=int)
    parser.add_argument("--usual-blocks", action="store_true")
    given = parser.parse_args()
    if not given.usual_blocks:
        embed._BATCH, embed.FEW = BATCH, 0
    stop = StopRequest()
    holds = [] if given.hold is None else [0, given.hold]

    def say(**facts: object) -> None:
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()

    def report(progress: Progress) -> None:
        if progress.stage != "meaning":
            return
        say(done=progress.done, workers=progress.item)
        if holds and progress.item and progress.done >= holds[0]:
            del holds[0]
            say(held=True)
            sys.stdin.readline()
        if given.stop is not None and progress.done >= given.stop:
            stop.make()

    try:
        found = update_collection(
            given.folder,
            [given.source],
            cluster=None if given.address == "none" else given.address,
            progress=report,
            cancelled=stop,
        )
    except ReleaseIndexError as error:
        say(error=str(error))
        return
    say(encoded=found.encoded, left=found.to_encode, interrupted=found.interrupted)


if __name__ == "__main__":
    main()
