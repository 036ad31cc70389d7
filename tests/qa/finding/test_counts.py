"""Order and counts of findings."""

from collections.abc import Iterable

from qa.finding.counts import Count, count_findings, in_order
from qa.finding.query import parse_query
from qa.finding.types import Findings, Match, MatchedBy
from qa.types import ReleaseRef


def release(name: str, date: str | None, issuer: str | None = None) -> ReleaseRef:
    """A release."""
    return ReleaseRef(name, name, date, issuer, "en", "x", None)


def match(
    key: int, of: int, *, by: MatchedBy = "words", score: float = 1.0, speaker: str | None = None
) -> Match:
    """A match whose ordinal is its key."""
    lexical, dense = (score, None) if by == "words" else (None, score)
    return Match(key, of, key, "body", speaker, by, lexical, dense)


def findings(matches: Iterable[Match], *releases: ReleaseRef) -> Findings:
    """Findings in releases numbered from 1."""
    return Findings(
        parse_query(["x"]), tuple(matches), dict(enumerate(releases, 1)), by_meaning=True
    )


def test_months_without_a_passage_are_in_the_chart() -> None:
    """A chart of two years has each month from the first to the last."""
    found = count_findings(
        findings(
            [match(1, 1), match(2, 1), match(3, 2), match(4, 3)],
            release("a", "2020-11-30"),
            release("b", "2021-02-01T10:00:00Z"),
            release("c", None),
        )
    )

    assert (
        Count("2020-11", 2), Count("2020-12", 0), Count("2021-01", 0), Count("2021-02", 1)
    ) == found.periods  # fmt: skip
    assert ("month", "2020-11-30", "2021-02-01") == (found.period, found.first, found.last)
    assert (4, 3, 1, 1) == (
        found.passages, found.releases, found.undated_passages, found.undated_releases
    )  # fmt: skip


def test_longer_times_are_counted_by_year() -> None:
    """From the twenty-fifth month on."""
    first, both = release("a", "2019-01-01"), [match(1, 1), match(2, 2)]
    two = findings(both, first, release("b", "2020-12-01"))
    more = findings(both, first, release("b", "2021-01-01"))

    assert 24 == len(count_findings(two).periods)
    assert (Count("2019", 1), Count("2020", 0), Count("2021", 1)) == count_findings(more).periods


def test_a_date_that_is_none_counts_as_no_date() -> None:
    """A damaged date neither fails nor gets into the chart; centuries without a passage neither."""
    odd = findings(
        [match(1, 1), match(2, 2), match(3, 3)],
        release("a", "soon"),
        release("b", "1801-01-01"),
        release("c", "2021-01-01"),
    )

    assert 1 == count_findings(odd).undated_passages
    assert (Count("1801", 1), Count("2021", 1)) == count_findings(odd).periods


def test_issuers_and_speakers_are_counted_the_most_frequent_first() -> None:
    """A release without an issuer counts under none; a passage that quotes nobody doesn't count."""
    found = count_findings(
        findings(
            [match(1, 1, speaker="B"), match(2, 1, speaker="A"), match(3, 2, speaker="B")],
            release("a", None),
            release("b", None, "Yukon"),
        )
    )

    assert (Count(None, 2), Count("Yukon", 1)) == found.issuers
    assert (Count("B", 2), Count("A", 1)) == found.speakers
    assert (None, None, ()) == (found.first, found.last, found.periods)


def test_by_date_the_newest_come_first_and_the_undated_last() -> None:
    """Passages of a release keep the order of its text; ids decide between equal dates."""
    found = findings(
        [match(1, 1), match(2, 2), match(3, 3), match(4, 4), match(9, 3)],
        release("z", None),
        release("y", "2020-01-02"),
        release("b", "2021-01-01"),
        release("a", "2021-01-01"),
    )

    assert [4, 3, 9, 2, 1] == [m.key for m in in_order(found, "date")]


def test_by_score_words_rank_before_meaning_and_releases_stay_together() -> None:
    """The release of the best passage comes first, with all its passages."""
    found = findings(
        [
            match(1, 1, score=0.2),
            match(2, 2, score=5.0),
            match(3, 2, by="meaning", score=0.5),
            match(4, 3, by="meaning", score=0.9),
        ],
        *(release(name, None) for name in "abc"),
    )
    ordered = in_order(found, "score")

    assert [2, 3, 1, 4] == [m.key for m in ordered]
