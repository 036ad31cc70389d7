"""Citations: what they say, and that no character of one can be changed unnoticed."""

import hashlib
import math
import re

import pytest

from index.types import Passage, Release, StoredRelease
from qa.citations import check_against, citation_of, digest, parse, unwrapped

RELEASE = Release(
    release_id="korea-visit",
    title="Canada and Korea mark 60 years",
    text="Canada and Korea mark 60 years\n\nThe visit ended on April 15.",
    date="2023-04-17",
    issuer="Global Affairs Canada",
)
PASSAGE = Passage(1, "body", (32, 60), ((0, 28),))
CITED = "The visit ended on April 15."
STORED = StoredRelease(1, RELEASE, "visit.txt")


def old_citation() -> str:
    """A citation as version 0.1 wrote it, with 48 bits of a hash of the text alone."""
    short = hashlib.sha256(CITED.encode()).hexdigest()[:12]
    return re.sub("sha256:.*]", f"sha256:{short}]", citation_of(RELEASE, PASSAGE))


def test_a_citation_names_headline_issuer_date_and_place() -> None:
    """A citation is one line for people, ending in a bracket for the program."""
    expected = (
        "“Canada and Korea mark 60 years”, Global Affairs Canada, 2023-04-17 "
        f"[releaseqa korea-visit#1 32-60 sha256:{digest('korea-visit', 1, (32, 60), CITED)}]"
    )

    assert expected == citation_of(RELEASE, PASSAGE)


def test_what_is_not_known_is_left_out() -> None:
    """Without headline, issuer and date a citation still names its place."""
    bare = Release("r", "", RELEASE.text)

    assert citation_of(bare, PASSAGE).startswith("Untitled release [releaseqa r#1 32-60 sha256:")


def test_a_citation_stays_one_line_whatever_its_parts_hold() -> None:
    """Newlines, control bytes and direction marks of a headline do not reach the citation."""
    hostile = Release("r", "one\ntwo\x1b]0;x\x07 \u202ethree", RELEASE.text)

    line = citation_of(hostile, PASSAGE)

    assert line.startswith("“one two ]0;x three” [releaseqa")
    assert not any(character in line for character in "\n\x1b\x07\u202e")


@pytest.mark.parametrize(
    "name",
    [
        "two  blanks", "a b", " a ", "tab\tand\nline", "zero\u200bwidth", "\u202eright",
        "no\u00a0break", "percent%41sign", "100%", "has [releaseqa r#1 2-3 in it",
        "hash#12", "é#語", "line\u2028sep", "three   blanks", "bell\x07", "[]",
    ],
)  # fmt: skip
def test_whatever_the_id_its_citation_leads_back_to_it(name: str) -> None:
    """Blanks, invisible characters and brackets of an id are in the bracket, one visible line."""
    release = Release(name, "A title", RELEASE.text)

    line = citation_of(release, PASSAGE)
    locator = parse(unwrapped(line))

    assert locator is not None
    assert (name, 1, (32, 60)) == (locator.release_id, locator.ordinal, locator.span)
    assert line == unwrapped(line.replace(" [", "\n   ["))
    assert line == " ".join(line.split())
    assert line.isprintable()


def test_a_headline_that_looks_like_a_citation_is_none() -> None:
    """Only the last bracket counts, whatever the headline quotes."""
    quoting = Release(
        "r", f"About [releaseqa x#1 1-2 sha256:{'0' * 12}] and [releaseqa", RELEASE.text
    )

    locator = parse(citation_of(quoting, PASSAGE))

    assert locator is not None
    assert ("r", (32, 60)) == (locator.release_id, locator.span)


def test_parse_reads_the_place() -> None:
    """What a citation points to can be read back from it."""
    locator = parse(citation_of(RELEASE, PASSAGE))

    assert locator is not None
    assert ("korea-visit", 1, (32, 60)) == (locator.release_id, locator.ordinal, locator.span)


def test_parse_knows_what_is_no_citation() -> None:
    """Anything without the bracket at its end is no citation."""
    assert parse("Canada and Korea mark 60 years") is None
    assert parse(citation_of(RELEASE, PASSAGE) + " and more") is None


def test_a_citation_broken_by_the_terminal_is_mended() -> None:
    """Line breaks with indentation, as copied from a narrow terminal, count as a space."""
    line = citation_of(RELEASE, PASSAGE)

    assert line == unwrapped(f"  {line.replace(' [releaseqa ', chr(10) + '    [releaseqa ')}\n")


def test_no_two_wordings_can_be_found_for_one_citation() -> None:
    """The digest has at least 128 bits, each of its characters among them."""
    digests = {digest("r", 0, (0, 1), str(number)) for number in range(2000)}
    alphabet = [len({found[place] for found in digests}) for place in range(26)]

    assert {26} == {len(found) for found in digests}
    assert sum(map(math.log2, alphabet)) >= 128


def test_the_digest_is_of_release_place_and_words() -> None:
    """Whatever part of what is cited changes, the digest does, also where one part ends."""
    cited = [
        ("r", 1, (32, 60), CITED), ("s", 1, (32, 60), CITED), ("r", 2, (32, 60), CITED),
        ("r", 1, (31, 60), CITED), ("r", 1, (32, 61), CITED), ("r", 1, (32, 60), CITED + " "),
        ("r1", 1, (32, 60), CITED), ("r", 11, (32, 60), CITED), ("r", 1, (3, 260), CITED),
    ]  # fmt: skip

    assert len(cited) == len({digest(*parts) for parts in cited})


def test_an_old_citation_holds_as_far_as_it_can_tell() -> None:
    """A citation with the short hash of before is checked, and reported as weak."""
    old = check_against(STORED, [PASSAGE], old_citation())
    new = check_against(STORED, [PASSAGE], citation_of(RELEASE, PASSAGE))

    assert (True, True, CITED) == (old.ok, old.weak, old.text)
    assert old.detail == "unchanged as far as an old, short citation can tell"
    assert (True, False, CITED) == (new.ok, new.weak, new.text)
    assert new.detail == "the cited words are unchanged"


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    ("part", "other", "detail"),
    [
        ("mark 60", "mark 61", "edited"), ("#1 32-60", "#1 32-59", "have changed"),
        ("#1 32-60", "#0 32-60", "changed|no such passage"),
    ],
)  # fmt: skip
def test_an_edited_citation_is_refused(part: str, other: str, detail: str, *, old: bool) -> None:
    """What a citation says beside its digest is compared too, in both forms."""
    citation = old_citation() if old else citation_of(RELEASE, PASSAGE)
    check = check_against(STORED, [PASSAGE], citation.replace(part, other))

    assert not check.ok
    assert re.search(detail, check.detail)


def test_a_digest_of_another_length_is_told() -> None:
    """A character too many or too few is named; another text is no citation."""
    citation = citation_of(RELEASE, PASSAGE)
    found = [
        check_against(STORED, [PASSAGE], text).detail
        for text in (citation.replace("]", "a]"), f"{citation[:-2]}]", "a text", f"{citation}.")
    ]

    assert found == [
        "not a releaseqa citation: its digest has 27 characters instead of 26",
        "not a releaseqa citation: its digest has 25 characters instead of 26",
        "not a releaseqa citation",
        "not a releaseqa citation",
    ]
