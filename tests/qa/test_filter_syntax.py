"""What users write as filters."""

from datetime import date, timedelta

import pytest

from index.filters import NO_FILTERS, Filters, calendar_date, parse_date
from qa import clock
from qa.errors import SettingsError
from qa.filter_syntax import merge_filters, parse_filters

TODAY = date(2024, 3, 6)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-2", "2023-02-01", "2023-02-28"),
        ("2023-04-17", "2023-04-17", "2023-04-17"),
        (" 1999-12 ", "1999-12-01", "1999-12-31"),
    ],
)
def test_a_year_or_month_means_its_first_or_last_day(value: str, first: str, last: str) -> None:
    """Since a year is since its first day, until a year is until its last."""
    assert (calendar_date(value, "first"), calendar_date(value, "last")) == (first, last)


def test_the_last_day_of_each_month_is_the_day_before_the_next() -> None:
    """Until a month is the day before the first of the next, whatever the month."""
    for year in (1900, 2000, 2023, 2024):
        for month in range(1, 13):
            following = date(year + month // 12, month % 12 + 1, 1)
            expected = (following - timedelta(days=1)).isoformat()
            assert calendar_date(f"{year}-{month:02}", "last") == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "23",
        "2023-13",
        "2023-00",
        "2023-02-30",
        "0000",
        "2023/04",
        "Maybe 2023",
        "9999y",
        "7 d ays",
        "last fortnight",
        "\u0662\u0660\u0662\u0663",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    """A date that is none is an error that shows how to write one."""
    for edge in ("first", "last"):
        with pytest.raises(ValueError, match=r"use a form such as 2023-04-17, .* 7d, 2w, 3m"):
            parse_date(value, edge, TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        ("yesterday", "2024-03-05", "2024-03-05"),
        ("Last  Month", "2024-02-01", "2024-02-29"),
        ("2w", "2024-02-21", "2024-02-21"),
        ("2024-03-01", "2024-03-01", "2024-03-01"),
        ("february 2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_relative_date_counts_from_the_day_that_is_given(
    written: str, since: str, until: str
) -> None:
    """Since a period is since its first day, until a period is until its last."""
    given = {"since": written, "until": written}

    assert parse_filters(given, TODAY) == Filters(since=since, until=until)


def test_the_clock_says_which_day_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no day is given, all filters count from the same clock."""
    monkeypatch.setattr(clock, "local_today", lambda: TODAY)

    assert parse_filters({"since": "7d"}) == Filters(since="2024-02-28")


def test_all_filters_are_read() -> None:
    """Each name gives its condition; kinds may come with blanks and twice."""
    given = {
        "since": "2023",
        "until": "2023",
        "issuer": "Yukon",
        "lang": "FR-ca",
        "source": "*.html",
        "kind": "Quote, body,quote",
    }
    assert parse_filters(given) == Filters(
        "2023-01-01", "2023-12-31", "Yukon", "fr", "*.html", ("quote", "body")
    )
    assert parse_filters(dict.fromkeys(given)) == NO_FILTERS


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "poem"}, "'poem' is not a kind of passage"),
        ({"kind": ","}, "contains no kind"),
        ({"lang": "english!"}, "not a language code"),
        ({"issuer": " "}, "the filter issuer is empty"),
        ({"colour": "red"}, "unknown filter 'colour'"),
        ({"since": "2024", "until": "2023"}, "is empty: 2024-01-01 is after 2023-12-31"),
    ],
)
def test_a_filter_without_meaning_is_refused(given: dict[str, str], message: str) -> None:
    """A wrong filter is named; nothing is searched with half of what was asked."""
    with pytest.raises(SettingsError, match=message):
        parse_filters(given)


def test_filters_of_a_question_come_on_top() -> None:
    """A question's own condition replaces the same one of the run, the others stay."""
    outer = Filters(since="2020-01-01", lang="en")
    inner = Filters(lang="fr", kinds=("quote",))

    assert merge_filters(outer, inner) == Filters(since="2020-01-01", lang="fr", kinds=("quote",))
    assert merge_filters(outer, NO_FILTERS) == outer
    assert merge_filters(NO_FILTERS, inner) == inner
