"""Kills a restoration at every point where that could matter, and leaves what it leaves.

    python tests/support/interrupted_restores.py ARCHIVE COLLECTION FOLDER [--every N]

For each point, it restores the archive twice in a process that kills itself there: to a folder
that does not exist, and in place of a copy of the collection. The points are those of
`interrupted_updates`, and the replacing of files. Prints a JSON object a restoration, with its
folder and whether it came to its end; the last ones do.
"""

import argparse
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from interrupted_updates import Points, forked

from index.archive.restore import restore_archive


def killed_restoration(archive: Path, folder: Path, point: int) -> None:
    """Restore an archive and die at a point."""
    points = Points(lambda: os.kill(os.getpid(), signal.SIGKILL), point)
    points.watch_all()
    points.watch(Path, "replace", of=lambda *_: "replace")
    restore_archive(archive, folder, force=True)


def main(arguments: Sequence[str]) -> None:
    """Kill at each point; print what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("collection", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th point")
    chosen = parser.parse_args(arguments)
    going = {"new", "old"}
    for point in count(1, chosen.every):
        for how in sorted(going):
            folder = chosen.folder / f"{how}-{point}" / ".releaseqa"
            folder.parent.mkdir(parents=True)
            if how == "old":
                shutil.copytree(chosen.collection, folder)
            status = forked(partial(killed_restoration, chosen.archive, folder, point))
            if status == 0:
                going.discard(how)
            result = {"how": how, "folder": str(folder), "ended": status == 0, "status": status}
            sys.stdout.write(f"{json.dumps(result)}\n")
            sys.stdout.flush()
        if not going:
            break


if __name__ == "__main__":
    main(sys.argv[1:])
