"""Near-duplicates: how many are found, how many joins are wrong, and how long it takes.

    python benchmarks/families.py

Every release of us-congress is stored and linked as in an update. Then copies arrive as a second
update: 1,000 releases with 5 % and 1,000 with 15 % of their words changed, chosen and changed with
a fixed seed. A copy is found if it is in the cluster of its release; a join with another cluster is
wrong. Joins among the real releases are listed by their similarity, a sample of each for reading.
datasketch, another library, is timed for comparison if it is installed.
"""

import gzip
import importlib.util
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.dedup.link import link_duplicates  # noqa: E402
from index.dedup.near_duplicates import (  # noqa: E402
    PERMUTATIONS,
    bigrams,
    comparison_words,
    jaccard,
    shingles_of,
    signatures,
)
from index.store.writer import SourceState, StoreWriter  # noqa: E402
from index.types import Release  # noqa: E402

CORPUS = ROOT.parent / "shared" / "data" / "press" / "us-congress" / "corpus.jsonl.gz"
RESULT = ROOT / "benchmarks" / "results" / "families.json"
SEEDED = 1_000
SHARES = (0.05, 0.15)
TIMED = 2_000
SEED = 20_240_601


def releases() -> Iterator[Release]:
    """Yield the releases of the set."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield Release(record["id"], record["title"], record["text"], record.get("date"))


def reworded(text: str, part: float, words: Sequence[str], chance: random.Random) -> str:
    """Replace a share of the words of a text by other words of the set."""
    parts = re.split(r"(\s+)", text)
    places = [place for place, piece in enumerate(parts) if piece.strip()]
    for place in chance.sample(places, round(part * len(places))):
        parts[place] = chance.choice(words)
    return "".join(parts)


def put(store: StoreWriter, found: Sequence[Release], name: str) -> None:
    """Store releases without passages, which are not needed here."""
    with store.transaction():
        source = store.put_source(SourceState(name.encode(), name, 0, 0, None, ""))
        for release in found:
            store.put_release(source, release, name.encode(), [])
        store.bump_generation()


def related(store: StoreWriter) -> float:
    """Link the new releases; return the seconds it took."""
    started = time.perf_counter()
    link_duplicates(store, lambda: False)
    return time.perf_counter() - started


def seeded(store: StoreWriter, originals: Sequence[Release]) -> dict[str, Any]:
    """Add reworded copies and count how many are found."""
    chance = random.Random(SEED)
    words = [w for r in chance.sample(originals, 500) for w in r.text.split()]
    copies, of = [], {}
    for part in SHARES:
        for original in chance.sample(originals, SEEDED):
            name = f"copy-{part}-{original.release_id}"
            of[name] = (part, original.release_id)
            text = reworded(original.text, part, words, chance)
            copies.append(Release(name, original.title, text, original.date))
    put(store, copies, "copies")
    took = related(store)
    sql = "SELECT r.release_id, f.family FROM families f JOIN releases r ON r.id = f.release"
    family = dict(store.rows(sql))
    own = {key: name for name, key in store.rows("SELECT release_id, id FROM releases")}
    result: dict[str, Any] = {"seconds for 2,000 more": round(took, 1)}
    for part in SHARES:
        names = [name for name, (changed, _) in of.items() if changed == part]
        found = sum(family[name] == family[of[name][1]] for name in names)
        alone = sum(own[family[name]] == name for name in names)
        result[f"{part:.0%} of the words changed"] = {
            "copies": len(names),
            "found": round(found / len(names), 4),
            "joined with another family": round((len(names) - found - alone) / len(names), 4),
        }
    return result


def joined(store: StoreWriter) -> dict[str, Any]:
    """Return the joins among the releases themselves, with samples to read."""
    sql = (
        "SELECT r.release_id, r.text, o.release_id, o.text FROM families f "
        "JOIN releases r ON r.id = f.release JOIN releases o ON o.id = f.family "
        "WHERE f.family <> f.release"
    )
    rows = []
    for one, text, other, its_text in store.rows(sql):
        first, second = (shingles_of(words, "", None).bigrams for words in (text, its_text))
        common = jaccard(first, second)
        rows.append((common, one, other))
    chance = random.Random(SEED)
    found: dict[str, Any] = {"joined": len(rows)}
    for low, high in ((0.8, 1.01), (0.65, 0.8), (0, 0.65)):
        band = sorted(row for row in rows if low <= row[0] < high)
        found[f"with {low:.2f} and more in common"] = {
            "releases": len(band),
            "for reading": [f"{a} {b}" for _, a, b in chance.sample(band, min(10, len(band)))],
        }
    return found


def other_library(texts: Sequence[str]) -> dict[str, float | str]:
    """Time the signatures of some releases with ours and with datasketch."""
    words = [bigrams(comparison_words(text)) for text in texts]
    started = time.perf_counter()
    signatures(texts)
    result: dict[str, float | str] = {
        "rensa, words and pairs included": round(time.perf_counter() - started, 2)
    }
    if importlib.util.find_spec("datasketch") is None:
        return {**result, "datasketch": "not installed"}
    from datasketch import MinHash

    started = time.perf_counter()
    for pairs in words:
        MinHash(num_perm=PERMUTATIONS, seed=1).update_batch([p.encode() for p in pairs])
    return {**result, "datasketch, pairs given": round(time.perf_counter() - started, 2)}


def main() -> None:
    """Measure, print and save."""
    if not CORPUS.is_file():
        sys.exit("the set us-congress (../shared) is not here")
    originals = list(releases())
    with tempfile.TemporaryDirectory() as scratch:
        store = StoreWriter(Path(scratch))
        put(store, originals, "us-congress")
        result: dict[str, Any] = {"releases": len(originals), "seconds": round(related(store), 1)}
        result["among the releases"] = joined(store)
        result["seeded"] = seeded(store, originals)
        store.close()
    result[f"seconds for {TIMED:,} signatures"] = other_library([r.text for r in originals[:TIMED]])
    text = json.dumps(result, indent=1)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
