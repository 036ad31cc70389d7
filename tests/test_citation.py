"""Citations: what they say, and that no character of one can be changed unnoticed."""

from index.records import Passage, Release
from qa.citation import citation_of, digest, parse, unwrapped

RELEASE = Release(
    release_id="korea-visit",
    title="Canada and Korea mark 60 years",
    text="Canada and Korea mark 60 years\n\nThe visit ended on April 15.",
    date="2023-04-17",
    issuer="Global Affairs Canada",
)
PASSAGE = Passage(1, "body", (32, 60), ((0, 28),))


def test_a_citation_names_headline_issuer_date_and_place() -> None:
    """A citation is one line for people, ending in a bracket for the program."""
    expected = (
        "“Canada and Korea mark 60 years”, Global Affairs Canada, 2023-04-17 "
        f"[releaseqa korea-visit#1 32-60 sha256:{digest('The visit ended on April 15.')}]"
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
