"""What days, months and years a question names, and how near a release is to them."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_candidates import Counts, candidate

from qa.answering.rerank import score_with_reader
from qa.query.dates import find_periods, nearness, spell_date, words_said_by_date
from qa.query.question import parse_question
from qa.ranking.penalties import find_penalties
from qa.ranking.ranker import rank
from qa.reader.prediction import ReaderInput, ReaderPrediction


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many were ill as of September 14, 2020?", [("2020-09-14", "2020-09-14")]),
        ("What did she say on 2020-09-14?", [("2020-09-14", "2020-09-14")]),
        ("What was sent at 2020-09-14T09:00:00Z?", [("2020-09-14", "2020-09-14")]),
        ("Who met on November 26-27, 2020?", [("2020-11-26", "2020-11-27")]),
        ("Who spoke at the May 2005 hearing?", [("2005-05-01", "2005-05-31")]),
        ("Qui a parlé le 13 octobre 2020 ?", [("2020-10-13", "2020-10-13")]),
        ("Qui a parlé du 13 au 15 avril 2020 ?", [("2020-04-13", "2020-04-15")]),
        ("Qui a parlé les 1er et 2 mai 2020 ?", [("2020-05-01", "2020-05-02")]),
        ("Qui a parlé le 3 févr. 2020 ?", [("2020-02-03", "2020-02-03")]),
        ("Wer sprach vom 13. bis 15. April 2020?", [("2020-04-13", "2020-04-15")]),
        ("Wer sprach am 3. Okt. 2020?", [("2020-10-03", "2020-10-03")]),
        ("¿Quién habló del 13 al 15 de abril de 2020?", [("2020-04-13", "2020-04-15")]),
        ("Qui a parlé le 1er mai 2020 ?", [("2020-05-01", "2020-05-01")]),
        ("Qu'a-t-il dit en février 2020 ?", [("2020-02-01", "2020-02-29")]),
        ("¿Quién habló en marzo de 2020?", [("2020-03-01", "2020-03-31")]),
        ("What was spent in 2013?", [("2013-01-01", "2013-12-31")]),
        ("What was spent in mid-2013?", [("2013-01-01", "2013-12-31")]),
        ("What was spent in FY2013?", [("2013-01-01", "2013-12-31")]),
        ("What was spent in fiscal 2019-20?", [("2019-01-01", "2020-12-31")]),
        ("What was spent in 2019–2020?", [("2019-01-01", "2020-12-31")]),
        ("What was spent in 1999-00?", [("1999-01-01", "2000-12-31")]),
        ("What was spent from 2015 to 2018?", [("2015-01-01", "2018-12-31")]),
        (
            "What changed from March 2004 to 2006?",
            [("2004-03-01", "2004-03-31"), ("2006-01-01", "2006-12-31")],
        ),
        ("Who gave $2020, $ 2020, 2,020 or 2020 per cent?", []),
        ("Where are 2000 homes to be built, and 2000 MW?", []),
        ("What does H.R. 2011 say, or Resolution 1973?", []),
        ("Who built the Mars 2020 rover?", [("2020-01-01", "2020-12-31")]),
        ("May I ask who spoke in May?", []),
        ("Call 1-877-555-2020?", []),
    ],
)
def test_what_a_question_names(question: str, named: list[tuple[str, str]]) -> None:
    """Full dates, months of a year, years; figures that are no years do not count."""
    lang = parse_question(question).lang

    assert named == [(str(p.first), str(p.last)) for p in find_periods(question, lang)]


def test_a_release_within_is_nearest_and_others_are_the_further_off_the_less_near() -> None:
    """A year is wider than a month, a month than a day."""
    month = find_periods("in May 2005")

    assert nearness(month, "2005-05-31") == 1.0
    assert 1.0 > nearness(month, "2005-06-02") > nearness(month, "2005-09-01") > 0
    assert nearness(find_periods("on May 30, 2005"), "2005-06-02") < nearness(month, "2005-06-02")


def test_nothing_is_known_without_both() -> None:
    """No date asked for, or none of the release, or one that is none."""
    assert nearness(find_periods("Who spoke?"), "2005-05-31") is None
    assert nearness(find_periods("Who spoke in 2005?"), None) is None
    assert nearness(find_periods("Who spoke in 2005?"), "soon") is None


BEDS = "Three beds are free in the harbour hospital, the health authority said today."


def test_of_releases_that_say_the_same_the_one_of_the_day_comes_first() -> None:
    """Bulletins repeat their words; which is meant stands only in their date."""
    days = ["2020-11-05", None, "2020-11-26", "2020-12-20"]
    candidates = [candidate(n, BEDS, date=day, release=n) for n, day in enumerate(days)]
    question = parse_question("How many beds were free in the harbour on November 26, 2020?")
    undated = parse_question("How many beds were free in the harbour?")
    counts = Counts((BEDS,), "en", 50)

    assert 2 == rank(question, candidates, counts)[0].candidate.key
    assert 0 == rank(undated, candidates, counts)[0].candidate.key
    lost = find_penalties(question, candidates).date
    assert lost[2] == 0.0
    assert 0 < lost[1] < lost[3]  # the undated one is as far as the others on average
    assert not find_penalties(undated, candidates).date.any()


@pytest.mark.parametrize(
    ("asked", "told", "free"),
    [
        ("in 2019", "In March 2019 the bridge opened.", True),
        ("in March 2019", "On March 4, 2019, the bridge opened.", True),
        ("on March 4, 2019", "In March 2019 the bridge opened.", True),
        ("on March 4, 2019", "The bridge opened in 2019.", False),
        ("in March 2019", "In April 2019 the bridge opened.", False),
        ("in 2019", "The bridge opened.", False),
    ],
)
def test_a_passage_that_tells_of_the_time_itself_does_not_stand_back(
    asked: str, told: str, free: bool
) -> None:
    """What happened then may be told years later."""
    then = candidate(1, "The bridge opened, the mayor said.", date="2019-03-04")
    later = candidate(2, told, date="2022-05-01")
    lost = find_penalties(parse_question(f"Which bridge opened {asked}?"), [then, later]).date

    assert lost[0] == 0.0
    assert (lost[1] == 0.0) == free


def test_of_one_release_nothing_stands_back() -> None:
    """All that is asked of is of one time, so that none is of another."""
    texts = ("The premier then was Ms Bo.", "About the budget of 2019: nothing.")
    found = [candidate(n, text, date="2021-02-01") for n, text in enumerate(texts)]

    assert not find_penalties(parse_question("Who was premier in 2019?"), found).date.any()


def test_the_date_of_a_release_says_what_its_headline_might() -> None:
    """So "2020" is no word that is missing where the release is of that year."""
    words = ["beds", "November", "26", "2020", "novembre"]
    named = find_periods("free beds on November 26, 2020")

    assert words_said_by_date(words, named, "2020-11-26") == [False, True, True, True, True]
    assert words_said_by_date(words, named, "2020-11-05") == [False, True, False, True, True]
    assert words_said_by_date(words, named, "2020-10-26") == [False, False, False, True, False]
    assert words_said_by_date(words, named, "2019-11-26") == [False] * 5
    assert words_said_by_date(words, named, None) == [False] * 5


def test_a_date_is_spelled_as_releases_write_it() -> None:
    """In the release's language where that is French."""
    assert spell_date("2020-11-26", "en") == "November 26, 2020"
    assert spell_date("2020-08-01", "fr") == "1 août 2020"
    assert spell_date("soon", None) == "soon"


def test_the_reader_is_told_of_a_date_that_is_asked_about() -> None:
    """It stands before the headline, and only where the question names one."""
    asked: list[ReaderInput] = []

    def read(_: str, pages: Sequence[ReaderInput]) -> list[ReaderPrediction]:
        asked.extend(pages)
        return [ReaderPrediction(0.0, (), (0.0,) * len(page.sentences)) for page in pages]

    one = candidate(1, BEDS, title="Bulletin 14", date="2020-11-26")
    for text in ("How many beds were free on November 26, 2020?", "How many beds were free?"):
        question = parse_question(text)
        score_with_reader(question, rank(question, [one], Counts((BEDS,), "en", 50)), read, 12.0)

    assert ["November 26, 2020: Bulletin 14", "Bulletin 14"] == [page.title for page in asked]


@given(st.text(max_size=200), st.dates())
def test_any_text_and_day(text: str, day: dt.date) -> None:
    """Nearness is a share, whatever is asked."""
    for period in find_periods(text):
        assert period.first <= period.last
    near = nearness(find_periods(text), day.isoformat())
    assert near is None or 0 <= near <= 1
