"""The headline and the date of a release, where they stand in its text."""

import pytest
from structure_texts import BODY, LEAD, kinds

from index.structure.analyze import analyze


def test_the_head_is_not_body() -> None:
    """Release label, headline, subheadline and date line are not body; the lead is."""
    text = (
        "FOR IMMEDIATE RELEASE\n\nMarch 3, 2021\n\nTown gets a bridge\n\n"
        f"First crossing of the river in a century\n\n{LEAD}\n\n- 30 -"
    )

    assert ["dateline", "dateline", "headline", "subheadline", "body"] == [
        k for k, _ in kinds(text)
    ]
    date = analyze(text).date
    assert date is not None
    assert ("2021-03-03", "dateline") == (date.iso, date.source)


@pytest.mark.parametrize(
    ("text", "iso", "source"),
    [
        (f"HALIFAX, March 3, 2021 – {LEAD}", "2021-03-03", "dateline"),
        (f"QUÉBEC, le 3 mars 2021 – {LEAD}", "2021-03-03", "dateline"),
        (f"Released on March 3, 2021 {LEAD}", "2021-03-03", "dateline"),
        (f"June\n5, 2020 TOWN GETS A BRIDGE\n{LEAD}", "2020-06-05", "dateline"),
        (f"March 3, 2021. {LEAD}", "2021-03-03", "dateline"),
        (f"March 3 2021 {LEAD}", "2021-03-03", "dateline"),
        (f"March 3, 2021 was a cold day. {LEAD}", "2021-03-03", "text"),
        (f"{LEAD}\n\nMarch 3, 2021. {LEAD}", "2021-03-03", "text"),
        (f"March 3, 2021. {LEAD}\n\nMarch 9, 2021. {LEAD}", "2021-03-03", "text"),
        (f"{LEAD}\n\nFor Immediate Release\n\nFriday, March 5, 2021", "2021-03-05", "dateline"),
        (f"{LEAD} It will be paid on March 9, 2021.", "2021-03-09", "text"),
        (f"When: March 9, 2021\n\n{LEAD}", None, None),
        (f"Embargo: March 9, 2021\n\n{LEAD}", "2021-03-09", "dateline"),
        (f"{LEAD}\n\nHer letter says:\n\nMarch 9, 2021\n\nDear friends, thank you.", None, None),
        (f"{LEAD} {LEAD}\n\nMarch 9, 2021\n\nThe Honourable John Roe\n\n{BODY} {BODY}", None, None),
        (
            f"{LEAD} {LEAD}\n\nIMMEDIATE RELEASE\n\nMarch 9, 2021\n\n{BODY}",
            "2021-03-09",
            "dateline",
        ),
        (f"Town fair\n\nWHEN\n\nMarch 9, 2021\n\n9:30 AM\n\n{LEAD}", None, None),
        (f"Remarks by Senator Doe, March 9, 2021, Halifax:\n\n{LEAD}", "2021-03-09", "dateline"),
    ],
)
def test_a_date_has_its_source(text: str, iso: str | None, source: str | None) -> None:
    """A release's own date is distinguished from a date that its text names."""
    date = analyze(text, "Town gets a bridge").date

    assert (iso, source) == ((date.iso, date.source) if date else (None, None))


def test_a_known_headline_within_a_line_is_split_off() -> None:
    """A title in capitals after half a date is the headline; the rest of the line is not."""
    text = f"Français\nJune\n5, 2020 TOWN GETS A BRIDGE\n{LEAD}"

    assert ("headline", "TOWN GETS A BRIDGE") in kinds(text, "Town Gets a Bridge")
    assert ("body", LEAD) in kinds(text, "Town Gets a Bridge")


@pytest.mark.parametrize(
    ("headline", "closing", "date"),
    [
        ("Town Gets $9 Million for a Bridge", "Washington-- ", None),
        ("Town Gets $9 Million for a Bridge", "HALIFAX, N.S. – ", None),
        ("Town Gets $9 Million for a Bridge", "Bedford, NS-- ", None),
        ("Town Gets $9 Million for a Bridge", "FOR IMMEDIATE RELEASE ", None),
        ("Town Gets $9 Million for a Bridge", "March 3, 2021 ", "2021-03-03"),
        ("Mayor's Statement on the Bridge", "Friday March 5 2021 HALIFAX - ", "2021-03-05"),
    ],
)
def test_an_unknown_headline_is_split_from_the_lead(
    headline: str, closing: str, date: str | None
) -> None:
    """A place before a dash, a release label or a date shows where it ends."""
    text = f"{headline} {closing}{LEAD}"
    found = analyze(text).date

    assert ("headline", headline) == kinds(text)[0]
    assert text.endswith(kinds(text)[-1][1])
    assert date == (found.iso if found and found.source == "dateline" else None)


@pytest.mark.parametrize(
    "text",
    [
        f"The mayor met the council of the town in Washington -- {LEAD}",
        f"She said that the bridge was closed March 3, 2021 {LEAD}",
        f"Mayor Roe Opens Bridge in Halifax. It is long HALIFAX – {LEAD}",
        f"TOWN GETS MONEY FOR THE HARBOUR HALIFAX – {LEAD}",
        f"Town Gets More Bridge Money -- {LEAD}",
        f"Contact John Roe, 902-555-0199 FOR IMMEDIATE RELEASE {LEAD}",
        "Town Gets $9 Million for a Bridge HALIFAX – See below.",
    ],
)
def test_a_first_line_is_split_only_at_a_clear_end(text: str) -> None:
    """Not within a sentence, nor where a word in capitals may belong to headline or place."""
    assert text == " ".join(words for _, words in kinds(text))
    assert "headline" not in dict(kinds(text))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"FOR IMMEDIATE RELEASE:\n\nOctober 20, 2021\n\n{BODY}\n", "2021-10-20"),
        (f"Bridge opens\nMay 19, 2020 10:00 A.M.\nOffice of the Mayor\n{BODY}\n", "2020-05-19"),
        (f"Town Builds HALIFAX (Sept. 22, 2005) – In order to help. {BODY}\n", "2005-09-22"),
        (f"4 May 2020News HALIFAX, Nova Scotia (May 4, 2020) – To help. {BODY}\n", "2020-05-04"),
        (f"{BODY}\n\n{BODY} 28-06-21\n", "2021-06-28"),
        (f"When: May 19, 2020\n\n{BODY}\n", None),
        (f"In just under a year, on Feb. 17, 2009, the nation's full- power towns {BODY}\n",
         None),
    ],
)  # fmt: skip
def test_a_release_gives_its_own_date_in_many_places(text: str, date: str | None) -> None:
    """Below a release label, with a time, beside a place, or at the end; not in a sentence."""
    found = analyze(text).date
    assert date == (found.iso if found is not None and found.source == "dateline" else None)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Town's Bridge Opens Today", "Towns Bridge Opens Today"),
        ('Town\'s "Bridge" Opens & Closes', "Town’s “Bridge” Opens &amp; Closes"),
        ("Town Bridge Opens Today", "TOWN BRIDGE\nOPENS\nTODAY"),
        ("The Better Half of Presidents", "The Better Half of Presidents Day"),
        (
            "Mayor Roe Speaks of Money for the Bridge, Opens the Market",
            "Mayor Roe Speaks of Money for the Bridge and Opens the Fish Market in Town",
        ),
    ],
)
def test_a_known_headline_is_found_in_other_wordings(title: str, line: str) -> None:
    """Different punctuation, line ends and a few more words do not hide the headline."""
    text = f"{line}\n\n{BODY} {BODY}\n"
    assert ("headline", line) == kinds(text, title)[0]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Twn Opns a Brdge at the Harbor", "Town Opens a Bridge at the Harbour"),
        (
            "MAYOR ROE ISSUES STATEMENT ON OPENING OF THE BRIDGE",
            "STATEMENT FROM MAYOR JOHN ROE ON OPENING OF THE BRIDGE:",
        ),
    ],
)
def test_a_headline_is_found_by_a_garbled_or_rephrased_title(title: str, line: str) -> None:
    """The title may have lost letters, or have the same words in another form."""
    text = f"Press Contact\nAnn Poe, 902-555-0199\n\n{line}\n\n{BODY} {BODY}\n"

    assert ("headline", line) in kinds(text, title)


@pytest.mark.parametrize(
    "line",
    [
        "Mayor Roe issued the following statement on the opening of the bridge:",
        "HALIFAX – Mayor Roe's statement on the opening of the bridge",
        "The statement of Mayor Roe on the opening of the bridge was long.",
        "What: Statement by Mayor Roe on the Opening of the Bridge",
        "Mayor Roe on the Opening of the Bridge with:",
    ],
)
def test_a_sentence_with_the_words_of_the_title_is_not_a_headline(line: str) -> None:
    """A sentence that announces a statement has the title's words, but is a sentence."""
    title = "Mayor Roe Issues Statement on the Opening of the Bridge"

    assert "headline" not in dict(kinds(f"{line}\n\n{BODY} {BODY}\n", title))


def test_a_title_in_the_text_is_not_matched_by_similarity() -> None:
    """A link that repeats nearly all letters of the title is not the headline."""
    title = "Mayor Roe To File a Plan for the New Bridge"

    assert "headline" not in dict(kinds(f"Print-{title}\n\n{BODY} {BODY}\n", title))


def test_a_title_within_a_sentence_is_not_a_headline() -> None:
    """Words of the headline that a sentence repeats are part of the sentence."""
    text = f"Public Health reported seven new cases of the illness today. {BODY}\n\n{BODY}\n"
    assert ["body", "body"] == [kind for kind, _ in kinds(text, "Seven new cases")]


MENU = "\n\n".join(f"Entry {number}" for number in range(60))


def test_a_headline_below_the_menus_of_a_page_is_found_with_its_date() -> None:
    """A line with exactly the title's letters is found far down, with the date beside it."""
    text = f"{MENU}\n\nTOWN GETS A BRIDGE\n\nPosted: Friday, March 5, 2021\n\n{LEAD}"

    assert ("headline", "TOWN GETS A BRIDGE") in kinds(text, "Town gets a bridge")
    date = analyze(text, "Town gets a bridge").date
    assert date is not None
    assert ("2021-03-05", "dateline") == (date.iso, date.source)


@pytest.mark.parametrize(
    "title", ["Jane Doe, Senator from Xland:", "Senator Jane Doe : Press Room", "Newsroom"]
)
@pytest.mark.parametrize(
    "above",
    [
        "Media Release: Town gets a bridge\nToday: July 4, 2021\n",
        "News - Press Releases\nFilter by:\n",
    ],
)
def test_the_name_of_a_page_is_not_a_headline(title: str, above: str) -> None:
    """When the source's title names the site, the headline is the one in the text."""
    found = analyze(f"{above}Town gets a bridge\nMarch 5, 2021\n{LEAD}", title)

    assert "Town gets a bridge" == found.headline
    assert found.date is not None
    assert "2021-03-05" == found.date.iso
    assert ["Town gets a bridge"] == [
        words
        for kind, words in kinds(f"{above}Town gets a bridge\nMarch 5, 2021\n{LEAD}", title)
        if kind == "headline"
    ]


def test_the_headline_of_a_statement_may_have_three_lines() -> None:
    """Speaker, occasion and subject in three lines are one headline, whatever the title."""
    head = (
        "Statement of Senator Jane Doe\nHearing of the Harbour Committee\nDredging of the Harbour"
    )

    assert ("headline", head) in kinds(f"{head}\n{BODY}\n{LEAD}", "SEN. DOE SPEAKS")
    announced = "Statement by Senator Jane Doe on the harbour:"
    assert "headline" not in dict(kinds(f"{announced}\n{BODY}", "SEN. DOE SPEAKS"))


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (
            "March 5, 2021\nThe Daily TidingsTown gets a bridgeBy Jane DoeIt was built.",
            "Town gets a bridge",
        ),
        ("Français\nMarch 5, 2021 TOWN GETS\nA BRIDGE\n" + BODY, "TOWN GETS\nA BRIDGE"),
    ],
)
def test_a_known_headline_without_line_ends(text: str, headline: str) -> None:
    """Joined to other lines without a space, or in two lines after a date."""
    assert ("headline", headline) in kinds(text, "Town Gets a Bridge")


@pytest.mark.parametrize("place", ["HALIFAX, N.S. –", "WASHINGTON, D.C. Today", "LOGAN, UTAH The"])
def test_a_headline_ends_before_a_place_in_capitals(place: str) -> None:
    """A place with its state opens the dateline, also without a dash."""
    text = f"Town Gets a New Bridge {place} {BODY}"

    assert "Town Gets a New Bridge" == analyze(text).headline
