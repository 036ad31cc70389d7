"""The table of docs/explanation/structure.md: structure against releases marked by hand.

python benchmarks/structure.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "index")]

from marked_releases import PRESS, Counts, marked_releases, score  # noqa: E402

NAMES = {
    "headline": "headline in the text",
    "date": "date of its own",
    "quotes": "quotations",
    "speaker": "speakers",
    "contact": "contact (words)",
    "boilerplate": "boilerplate (words)",
}


def cells(counts: Counts) -> str:
    """Return how many were marked, precision and recall, as cells."""
    return f"{counts.marked} | {counts.precision:.3f} | {counts.recall:.3f}".replace("0.", ".")


def main() -> None:
    """Print the table."""
    if not PRESS.is_dir():
        sys.exit("the press sets (../shared) are not here; RELEASEQA_PRESS names their folder")
    built_on, held = (score(marked_releases(held=part)) for part in (False, True))
    parts = ("built on: marked", "held out: marked")
    print("| element | " + " ".join(f"{part} | precision | recall |" for part in parts))
    print("|---|---|---|---|---|---|---|")
    for element, name in NAMES.items():
        print(f"| {name} | {cells(built_on[element])} | {cells(held[element])} |")


if __name__ == "__main__":
    main()
