"""Print the table of today's rules in docs/explanation/structure-notes.md.

python benchmarks/structure.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from marked_releases import (  # noqa: E402
    FRESH,
    FRESH_AGAIN,
    FRESH_FIFTH,
    FRESH_FOURTH,
    FRESH_THIRD,
    PRESS,
    Counts,
    marked_releases,
    score,
)

NAMES = {
    "headline": "headline in the text",
    "date": "date of its own",
    "quotes": "quotations",
    "speaker": "speakers",
    "contact": "contact (words)",
    "boilerplate": "boilerplate (words)",
}


def cells(counts: Counts) -> str:
    """Return the number of marks, precision and recall as cells."""
    if not counts.marked:
        return "– | – | –"
    return f"{counts.marked} | {counts.precision:.3f} | {counts.recall:.3f}".replace("0.", ".")


def main() -> None:
    """Print the table."""
    if not PRESS.is_dir():
        sys.exit("the press sets (../shared) are not here; RELEASEQA_PRESS names their folder")
    parts = {
        "built on": marked_releases(held=False),
        "held out": marked_releases(held=True),
        "first blind draw": marked_releases(held=True, path=FRESH),
        "second": marked_releases(held=True, path=FRESH_AGAIN),
        "third": marked_releases(held=True, path=FRESH_THIRD),
        "fourth": marked_releases(held=True, path=FRESH_FOURTH),
        "fifth": marked_releases(held=True, path=FRESH_FIFTH),
    }
    found = [score(releases) for releases in parts.values()]
    print("| element | " + " ".join(f"{part}: marked | precision | recall |" for part in parts))
    print("|---|" + "---|---|---|" * len(parts))
    for element, name in NAMES.items():
        print(f"| {name} | " + " | ".join(cells(counts[element]) for counts in found) + " |")


if __name__ == "__main__":
    main()
