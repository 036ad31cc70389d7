"""Compares looking up one name with listing all names, which reads every release.

    python benchmarks/names.py COLLECTION [--names 300] [--seed 7] [--write]

Names are drawn at random from the list; the most frequent are looked up as well. It says of how
many the lookup found what the list has, and how long it took beside the list, in CPU time. With
`--write`, the result goes to `benchmarks/results/names.json`.
"""

import argparse
import json
import random
import statistics
import time
from pathlib import Path

from index.search.searcher import Searcher
from qa.names.lookup import NameLookup
from qa.names.search import list_names
from qa.names.types import NamedEntity

_RESULT = Path(__file__).with_name("results") / "names.json"
_FREQUENT = 20


def measure(folder: Path, count: int, seed: int) -> dict[str, object]:
    """Return what looking names up costs, as shares of what the list costs."""
    searcher = Searcher(folder)
    try:
        began = time.process_time()
        listed = list_names(searcher)
        whole = time.process_time() - began
        lookup = NameLookup(searcher)
        began = time.process_time()
        lookup.find(listed[-1].name)  # also reads what is needed for every name
        first = time.process_time() - began
        drawn = random.Random(seed).sample(listed, min(count, len(listed)))
        rest = [_lookup(lookup, entity) for entity in drawn]
        frequent = [_lookup(lookup, entity) for entity in listed[:_FREQUENT]]
        return {
            "releases": searcher.store.count("releases"),
            "names": len(listed),
            "drawn": len(drawn),
            "same as listed": sum(same for same, _ in rest),
            "list": 1.0,
            "first lookup": round(first / whole, 4),
            "lookup, mean": round(statistics.fmean(t for _, t in rest) / whole, 4),
            "lookup, slowest": round(max(t for _, t in rest) / whole, 4),
            f"the {_FREQUENT} most frequent, same as listed": sum(same for same, _ in frequent),
            f"the {_FREQUENT} most frequent, mean": round(
                statistics.fmean(t for _, t in frequent) / whole, 4
            ),
            f"the {_FREQUENT} most frequent, slowest": round(
                max(t for _, t in frequent) / whole, 4
            ),
        }
    finally:
        searcher.close()


def _lookup(lookup: NameLookup, entity: NamedEntity) -> tuple[bool, float]:
    """Return whether a lookup found what the list has, and its seconds."""
    began = time.process_time()
    found = lookup.find(entity.name)
    seconds = time.process_time() - began
    return entity in found.entities and bool(found.can_be) == bool(entity.can_be), seconds


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--names", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    result = json.dumps(measure(given.collection, given.names, given.seed), indent=1)
    print(result)
    if given.write:
        _RESULT.write_text(result + "\n")


if __name__ == "__main__":
    main()
