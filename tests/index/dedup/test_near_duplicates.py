"""Near-duplicates are found, and releases of one template are not taken for them."""

import json
import random
import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from checkout import SAMPLES
from index_parts import by_words, index_words, put, searching

from index.dedup.corrections import find_edition
from index.dedup.near_duplicates import (
    candidate_pairs,
    comparison_words,
    corrects,
    same_release,
    shingles_of,
    signatures,
)
from index.filters import NO_FILTERS, Filters
from index.ingest.update import remove_releases
from index.store.reader import STORE_NAME, Store
from index.store.related import related_releases

BRIDGE = (
    "HALIFAX, March 3, 2021 - The province has opened a footbridge across the harbour after two "
    "years of work by the crews of Aldous and Sons, who were paid $4.2 million for it.\n\n"
    "“People asked for this for twenty years,” said Minister Anna Leblanc. “Now they can walk to "
    "the market on Saturday and be home before the rain, as my own family did last weekend.”\n\n"
    "The bridge is open from dawn to dusk. A second stage with a cycling lane and a lookout begins "
    "in 2023, when the ferry terminal has been moved to its new place north of the old customs "
    "house, and is to be paid for by the city and by the port authority in equal parts.\n"
)
GRANT = (
    "Congresswoman Ada Byrne today announced that the {town} Fire Department will receive a "
    "federal grant of ${sum} under the Assistance to Firefighters program of the department.\n\n"
    "“The firefighters of {town} protect our families every day,” said Byrne. “This grant makes "
    "sure that {town} has the equipment to do so, and I was glad to support the application.”\n\n"
    "The program has paid for vehicles, gear and training in every state since it was begun, and "
    "is decided by a panel of firefighters who read what each department asks for and why.\n"
)


def _record(release_id: str, text: str, **facts: object) -> dict[str, object]:
    return {"id": release_id, "title": "New footbridge opens", "text": text, **facts}


def _index(tmp_path: Path, *records: dict[str, object]) -> Path:
    lines = "\n".join(json.dumps(record) for record in records)
    put(tmp_path / "a.jsonl", lines, age_s=random.Random(len(lines)).uniform(50, 5_000))
    index_words(tmp_path / "c", [tmp_path / "a.jsonl"], prune=True)
    return tmp_path / "c"


def _related(folder: Path) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None]]:
    with Store(folder) as store:
        names = {stored.key: stored.release.release_id for stored in store.releases(NO_FILTERS)}
        return {
            names[key]: (found.duplicates, found.replaces, found.replaced_by)
            for key, found in related_releases(store).items()
        }


def _reworded(text: str, share: float, chance: random.Random) -> str:
    """Replace a share of the words of a text."""
    parts = re.split(r"(\s+)", text)
    places = [place for place, part in enumerate(parts) if part.strip()]
    for place in chance.sample(places, round(share * len(places))):
        parts[place] = chance.choice(("harvest", "quiet", "ledger", "copper", "Sund", "weigh"))
    return "".join(parts)


def test_reworded_copies_are_found_among_releases() -> None:
    """Real releases are found again with 5 % and 15 % of their words changed, and no others."""
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((SAMPLES / "releases").rglob("*.txt"))
        + sorted((SAMPLES / "releases").rglob("*.md"))
    ]
    texts = [text for text in texts if len(comparison_words(text)) >= 60]
    assert len(texts) >= 12
    chance = random.Random(7)
    for share in (0.05, 0.15):
        copies = [_reworded(text, share, chance) for text in texts]
        found = candidate_pairs(
            signatures([*texts, *copies]), np.array([False] * len(texts) + [True] * len(texts))
        )
        everything = [shingles_of(text, "", None) for text in (*texts, *copies)]
        same = {pair for pair in found if same_release(*(everything[n] for n in pair))}
        assert {(n, n + len(texts)) for n in range(len(texts))} == same


def test_signatures_estimate_what_texts_have_in_common() -> None:
    """The share of equal numbers in two signatures is the Jaccard similarity of their bigrams."""
    one = " ".join(f"w{n}" for n in range(2_000))
    other = " ".join(f"w{n}" for n in range(500, 2_500))
    first, second = signatures([one, other])

    assert 1499 / 2499 == pytest.approx(float((first == second).mean()), abs=0.11)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Byrne Announces Grant for Delphos", GRANT.format(town="Delphos", sum="85,740")),
         ("Byrne Announces Grant for Marion", GRANT.format(town="Marion", sum="109,108"))),
        (("Update of May 4", "There are 7 new cases. " * 3 + BRIDGE),
         ("Update of May 5", "There are 9 new cases. " * 3 + BRIDGE)),
    ],
)  # fmt: skip
def test_releases_of_one_template_are_not_duplicates(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """Grants to two towns and bulletins of two days share most words but are separate releases."""
    days = ("2021-05-04", "2021-05-05")
    first, second = (
        shingles_of(text, title, day) for (title, text), day in zip((one, other), days, strict=True)
    )
    assert not same_release(first, second)
    assert same_release(first, first)


@pytest.mark.parametrize(
    ("title", "marked", "headline"),
    [
        ("CORRECTION: Bridge opens", True, "bridge opens"),
        ("*** UPDATED *** Bridge opens", True, "bridge opens"),
        ("/C O R R E C T I O N -- Aldous Inc./", True, "aldous inc"),
        ("Bridge opens (Updated)", True, "bridge opens"),
        ("REVISED / Bridge opens", True, "bridge opens"),
        ("Mise à jour : Ouverture du pont", True, "ouverture du pont"),
        ("Update on the bridge", False, "update on the bridge"),
        ("Updated guidelines for bridges", False, "updated guidelines for bridges"),
        ("Minister of Correction visits", False, "minister of correction visits"),
    ],
)
def test_a_headline_says_that_it_corrects(title: str, marked: bool, headline: str) -> None:
    """A mark before or after the headline makes a correction; the word within it does not."""
    found = find_edition(BRIDGE, title)
    assert (marked, headline) == (found.marked, found.headline)


def test_a_sentence_says_what_is_replaced() -> None:
    """A sentence about replacing an earlier release marks the release and names the date."""
    said = find_edition(
        f"This replaces the earlier news release of March 2, 2021.\n\n{BRIDGE}", "B"
    )
    line = find_edition(f"CORRECTED VERSION\n\n{BRIDGE}", "B")
    none = find_edition(f"{BRIDGE}\nThe bridge replaces the ferry.", "B")

    assert (True, "2021-03-02") == (said.marked, said.named_date)
    assert (True, None) == (line.marked, line.named_date)
    assert not none.marked


def test_copies_are_one_cluster(tmp_path: Path) -> None:
    """The same release from two sources is a cluster; a release about another town is not in it."""
    folder = _index(
        tmp_path,
        _record("a", BRIDGE, date="2021-03-03"),
        _record("b", BRIDGE.replace("crews", "people"), date="2021-03-03"),
        _record("c", GRANT.format(town="Delphos", sum="85,740"), date="2021-03-03"),
    )
    assert {"a": (("b",), (), None), "b": (("a",), (), None)} == _related(folder)


def test_a_replaced_release_is_not_searched(tmp_path: Path) -> None:
    """A correction replaces what it corrects, unless a filter excludes the correction."""
    wrong = BRIDGE.replace("$4.2 million", "$2.4 million")
    folder = _index(
        tmp_path,
        _record("old", wrong, date="2021-03-03"),
        {**_record("new", BRIDGE, date="2021-03-05"), "title": "CORRECTION: New footbridge opens"},
    )
    assert {"old": ((), (), "new"), "new": ((), ("old",), None)} == _related(folder)
    with searching(folder) as searcher:
        found = by_words(searcher, "million for the footbridge")
        early = by_words(
            searcher, "million for the footbridge", filters=Filters(until="2021-03-04")
        )
    assert {"new"} == {name.partition("#")[0] for name, _ in found}
    assert {"old"} == {name.partition("#")[0] for name, _ in early}


def test_republished_releases_replace_those_before(tmp_path: Path) -> None:
    """Each version under a headline is replaced by the next; an equal copy replaces nothing."""
    second = BRIDGE.replace("on Saturday", "on any Saturday")
    folder = _index(
        tmp_path,
        _record("first", BRIDGE, date="2021-03-03"),
        _record("third", BRIDGE.replace("lookout", "kiosk"), date="2021-03-09"),
        _record("second", second, date="2021-03-05"),
        _record("copy", BRIDGE, date="2021-03-04"),
    )
    found = _related(folder)

    assert "third" == found["second"][2]
    assert ("second", "second") == (found["first"][2], found["copy"][2])
    assert (("copy", "first"), None) == (found["second"][1], found["third"][2])


def test_a_mere_notice_is_linked_and_hides_nothing(tmp_path: Path) -> None:
    """A short notice under the same headline is linked; what it corrects is still searched."""
    notice = {
        **_record("note", "The sum in our release should read $4.2 million.", date="2021-03-04"),
        "title": "Correction: New footbridge opens",
    }
    folder = _index(tmp_path, _record("old", BRIDGE, date="2021-03-03"), notice)

    assert "note" == _related(folder)["old"][2]
    with searching(folder) as searcher:
        names = {name.partition("#")[0] for name, _ in by_words(searcher, "footbridge harbour")}
    assert "old" in names


def test_a_correction_means_the_release_it_has_most_in_common_with() -> None:
    """A correction of a figure is linked to its release, and not to that of another day."""
    old = shingles_of(BRIDGE, "Bridge opens", "2021-03-03")
    new = shingles_of(BRIDGE.replace("4.2", "2.4"), "CORRECTION: Bridge opens", "2021-03-04")

    assert corrects(new, old)
    assert not corrects(old, new)
    assert not corrects(new, shingles_of(BRIDGE, "Bridge opens", "2021-03-05"))
    assert not corrects(new, shingles_of(BRIDGE, "Bridge closes", "2021-03-03"))


def test_clusters_follow_additions_and_removals(tmp_path: Path) -> None:
    """Without its first release a cluster stays; without the newest, the previous one counts."""
    copies = [BRIDGE.replace("Saturday", word) for word in ("Saturday", "Saturdays", "Sabbath")]
    folder = _index(
        tmp_path,
        *(_record(name, text) for name, text in zip("abc", copies, strict=True)),
        {**_record("z", BRIDGE + "\nMore."), "title": "UPDATE: New footbridge opens"},
    )  # fmt: skip
    assert {"z"} == {found[2] for name, found in _related(folder).items() if name != "z"}
    remove_releases(folder, ["a"])
    assert (("c",), (), "z") == _related(folder)["b"]
    remove_releases(folder, ["z"])
    assert {"b": (("c",), (), None), "c": (("b",), (), None)} == _related(folder)


def test_an_update_makes_missing_and_damaged_signatures_again(tmp_path: Path) -> None:
    """The next update makes signatures again that are missing or damaged."""
    folder = _index(tmp_path, _record("a", BRIDGE), _record("b", BRIDGE))
    for damage in ("DELETE FROM families", "UPDATE families SET signature = x'00'"):
        with sqlite3.connect(folder / STORE_NAME) as store:
            store.execute(damage)
            store.execute("UPDATE meta SET value = '0' WHERE name = 'families_of'")
        store.close()
        index_words(folder, [tmp_path / "a.jsonl"])
        assert {"a", "b"} == set(_related(folder))
