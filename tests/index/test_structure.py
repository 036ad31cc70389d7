"""The parts of a release, and who speaks in it: English and French, as releases are written."""

import pytest

from index.structure import analyse

LEAD = "Senator Jane Q. Doe (D-XX) today announced a grant for the harbour of the town."
WORDS = "We are very glad to be here for the town"


def kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    """The paragraphs of a release: kind and words."""
    return [
        (paragraph.kind, text[slice(*paragraph.span)])
        for paragraph in analyse(text, title).paragraphs
    ]


def said(text: str) -> list[tuple[str, str | None, str | None]]:
    """The quotations of a release: words, speaker, role."""
    return [(text[slice(*q.span)], q.speaker, q.role) for q in analyse(text).quotations]


@pytest.mark.parametrize(
    ("quotation", "speaker", "role"),
    [
        (f"“{WORDS},” said Finance Minister John Roe.", "John Roe", "Finance Minister"),
        (f"“{WORDS},” said John Roe, mayor of Halifax.", "John Roe", "mayor of Halifax"),
        (f"“{WORDS},” John Roe, mayor of Halifax, said.", "John Roe", "mayor of Halifax"),
        (f"“{WORDS},” said Minister of Justice John Roe.", "John Roe", "Minister of Justice"),
        (
            f"“{WORDS},” said Tourism, Heritage and Culture Minister John Roe.",
            "John Roe",
            "Tourism, Heritage and Culture Minister",
        ),
        (f"“{WORDS},” said federation president John Roe.", "John Roe", "federation president"),
        (f"Mayor John Roe said: “{WORDS}.”", "John Roe", "Mayor"),
        (f"According to Mayor John Roe, “{WORDS}.”", "John Roe", "Mayor"),
        (f"“{WORDS}.” John Roe, Minister of Health", "John Roe", "Minister of Health"),
        (f"“{WORDS}.”\n\n— John Roe, Minister of Health", "John Roe", "Minister of Health"),
        (f"“{WORDS}.”\nJohn Roe\nMinister of Health", "John Roe", "Minister of Health"),
        (f"John Roe, mayor of Halifax – “{WORDS}.”", "John Roe", "mayor of Halifax"),
        (
            f"“{WORDS}.” - Chief Public Works Officer, Dr. Ann Poe",
            "Ann Poe",
            "Chief Public Works Officer",
        ),
        (
            f"“{WORDS}.” Minister of Parks and Trade, Ann Poe.",
            "Ann Poe",
            "Minister of Parks and Trade",
        ),
        (
            f"“{WORDS}.” Ann Poe Director, Acme Harbours Inc.",
            "Ann Poe",
            "Director, Acme Harbours Inc",
        ),
        (
            f"“{WORDS}.” Dr. Ann Poe Director, Trades North.",
            "Ann Poe",
            "Director, Trades North",
        ),
        (
            f"A Town Committee met. “{WORDS},” added Committee on Parks, Law Chairman John Roe.",
            "John Roe",
            "Committee on Parks, Law Chairman",
        ),
        (
            f"“{WORDS},” said chair of the Town Board, Ann Poe.",
            "Ann Poe",
            "chair of the Town Board",
        ),
        (f"Says Dr. Ann Poe “{WORDS}.”", "Ann Poe", "Dr."),
        (
            f"Former Trade Secretary, Ann Poe, writes, “{WORDS}.”",
            "Ann Poe",
            "Former Trade Secretary",
        ),
        (f"As a scholar of towns, Ann Poe, noted, “{WORDS}.”", "Ann Poe", None),
        (
            f"Ann Poe, the former CEO of Acme, once said that, “{WORDS}.”",
            "Ann Poe",
            "the former CEO of Acme",
        ),
        (
            f"Ann Poe, chief of the Fire Department said, “{WORDS}.”",
            "Ann Poe",
            "chief of the Fire Department",
        ),
        (f"“{WORDS},” said Doe.", "Jane Q. Doe", "Senator"),
        (f"“{WORDS},” the senator said.", "Jane Q. Doe", "Senator"),
        (f"“{WORDS},” the residents wrote.", "the residents", None),
        (f"« {WORDS} », a déclaré la ministre Marie Roy.", "Marie Roy", "la ministre"),
        (
            f"« {WORDS} », a déclaré le ministre de la Santé, Jean Roy.",
            "Jean Roy",
            "le ministre de la Santé",
        ),
        (f"« {WORDS} », affirme Jean Roy, maire de Québec.", "Jean Roy", "maire de Québec"),
        (f"Le maire Jean Roy a ajouté : « {WORDS}. »", "Jean Roy", "Le maire"),
        (f"« {WORDS}. »\n\n– Jean Roy, ministre des Finances", "Jean Roy", "ministre des Finances"),
    ],
)
def test_a_speaker_is_found_on_either_side_of_the_words(
    quotation: str, speaker: str, role: str | None
) -> None:
    """Attribution stands before, after or below; a surname or an office stands for a full name."""
    ((_, found, office),) = said(f"{LEAD}\n\n{quotation}")

    assert (speaker, role) == (found, office)


def test_both_halves_of_a_quotation_are_the_speakers() -> None:
    """What goes on after "said X." is X's, a pronoun stands for who spoke last."""
    text = f"{LEAD}\n\n“{WORDS},” said Doe. “{WORDS} too.”\n\n“{WORDS} again,” she added."

    assert ["Jane Q. Doe"] * 3 == [speaker for _, speaker, _ in said(text)]


@pytest.mark.parametrize(
    ("before", "name", "role"),
    [
        ("Minister Responsible for the Status of Women Ann Poe-Roe opened it.", "Ann Poe-Roe",
         "Minister Responsible for the Status of Women"),
        ("Chairman of the Federal Reserve Board Ann Poe-Roe opened it.", "Ann Poe-Roe",
         "Chairman of the Federal Reserve Board"),
        ("Secretary of Works Ann T. Poe-Roe III opened it.", "Ann T. Poe-Roe III",
         "Secretary of Works"),
        ("Nova Scotia’s Ann Poe-Roe opened it.", "Ann Poe-Roe", None),
        ("It is Ann Poe-Roe’s bridge.", "Ann Poe-Roe", None),
        ("Ed Coe Member of Congress Ann Poe-Roe", "Ann Poe-Roe", None),
        ("Ed Coe, Chief Officer of Acme\n\nAnn Poe-Roe", "Ann Poe-Roe", None),
    ],
)  # fmt: skip
def test_a_full_name_is_told_from_the_words_around_it(
    before: str, name: str, role: str | None
) -> None:
    """The noun of an office, a place and an s that shows possession are no part of a name."""
    text = f"{LEAD}\n\n{before}\n\n“{WORDS},” Poe-Roe said."

    assert [(name, role)] == [found[1:] for found in said(text)]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (f"“{WORDS},” said Doe. “{WORDS} too.\n\n“{WORDS},” said Ann Poe.",
         ["Jane Q. Doe", "Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Doe.\n\nMayor Ann Poe warned that it is old. She added: “{WORDS}.”",
         ["Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Doe.\n\nAnn Poe said the Town Hall agreed. “{WORDS},” she said.",
         ["Jane Q. Doe", "Ann Poe"]),
        (f"“{WORDS},” said Ann Poe. It is old. And she further noted, “{WORDS}.”",
         ["Ann Poe", "Ann Poe"]),
        (f"“{WORDS},” said Ann Poe.\n\nBridges Poe said that it is old. “{WORDS},” she said.",
         ["Ann Poe", "Ann Poe"]),
    ],
)  # fmt: skip
def test_who_goes_on_speaking_is_known(text: str, speakers: list[str]) -> None:
    """A mark left out ends at another's credit; a pronoun is who was last said to say a thing."""
    assert speakers == [speaker for _, speaker, _ in said(f"{LEAD}\n\n{text}")]


def test_a_quotation_over_several_paragraphs_has_one_speaker() -> None:
    """Each paragraph opens with a mark, the last one closes, and the credit counts for all."""
    text = (
        f"{LEAD}\n\nMayor John Roe made the following statement:\n\n"
        f"“{WORDS}.\n\n“{WORDS} too.\n\n“Thank you.”\n\nThe grant is the first of its kind here."
    )

    assert [
        (f"“{WORDS}.", "John Roe"),
        (f"“{WORDS} too.", "John Roe"),
        ("“Thank you.”", "John Roe"),
    ] == [(words, speaker) for words, speaker, _ in said(text)]


def test_the_words_before_a_new_speaker_are_not_that_speakers() -> None:
    """A closed sentence is not credited to who is about to speak."""
    text = f"{LEAD}\n\n“{WORDS}.” Mayor John Roe said, “{WORDS} as well.”"

    assert [None, "John Roe"] == [speaker for _, speaker, _ in said(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The report “Great Hopes for the New Harbour of Halifax” is out.",
        "They called it “a fine place” and left for the town hall.",
        'The board is 6" wide and 8" long, as the plans of the harbour say it must be.',
    ],
)
def test_titles_and_turns_of_phrase_are_no_quotations(text: str) -> None:
    """Marks around a title, a few words or an inch make no statement."""
    assert [] == said(f"{LEAD}\n\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        'said."We are very glad to be here today," said John Roe, mayor of Halifax."And so on',
        f"“{WORDS} and “the big guys” have no say in it,” said John Roe, mayor.",
    ],
)
def test_marks_that_lost_their_blanks_and_marks_within_are_read(text: str) -> None:
    """A mark between two letters turns with what is open; a pair within is no end."""
    words, speaker, _ = said(f"{LEAD}\n\n{text}")[0]

    assert (words[0], words[-1], speaker) == (words[0], '"' if '"' in text else "”", "John Roe")
    assert "said John" not in words


def test_two_people_of_one_surname_are_kept_apart() -> None:
    """A full name is not replaced by that of another of the same surname."""
    text = f"{LEAD}\n\n“{WORDS},” said Robert Doe, deputy mayor."

    assert [("Robert Doe", "deputy mayor")] == [found[1:] for found in said(text)]


def test_the_voice_of_a_release_is_whom_its_lead_is_about() -> None:
    """A paragraph of quotation alone is the lead's person, unless it speaks of that person."""
    ((_, speaker, _),) = said(f"{LEAD} It is large.\n\n“{WORDS}.”")
    ((_, nobody, _),) = said(f"{LEAD} It is large.\n\n“{WORDS}, as Doe knows.”")
    others = said(f"{LEAD} It is large.\n\n“{WORDS},” said Mayor John Roe.\n\n“{WORDS}.”")

    assert ("Jane Q. Doe", None) == (speaker, nobody)
    assert ["John Roe", None] == [found[1] for found in others]


def test_an_office_is_that_of_one_person() -> None:
    """Of two people named together each has the own office."""
    text = f"Governor Ann Poe and Premier John Roe met. {LEAD}\n\n“{WORDS},” said Roe."

    assert [("John Roe", "Premier")] == [found[1:] for found in said(text)]


def test_the_head_of_a_release_is_told_apart() -> None:
    """Form line, headline, subheadline and date line are no body; the lead is."""
    text = (
        "FOR IMMEDIATE RELEASE\n\nMarch 3, 2021\n\nTown gets a bridge\n\n"
        f"First crossing of the river in a century\n\n{LEAD}\n\n- 30 -"
    )

    assert ["dateline", "dateline", "headline", "subheadline", "body"] == [
        k for k, _ in kinds(text)
    ]
    date = analyse(text).date
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
        (f"Embargo: March 9, 2021\n\n{LEAD}", None, None),
        (f"{LEAD}\n\nHer letter says:\n\nMarch 9, 2021\n\nDear friends, thank you.", None, None),
    ],
)
def test_a_date_comes_with_where_it_was_found(
    text: str, iso: str | None, source: str | None
) -> None:
    """A release's own date is told from a date that its text merely names."""
    date = analyse(text, "Town gets a bridge").date

    assert (iso, source) == ((date.iso, date.source) if date else (None, None))


def test_a_known_headline_run_into_a_line_is_cut_out() -> None:
    """A title in capitals behind half a date is the headline, and the rest is not."""
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
def test_a_headline_that_no_source_names_is_cut_from_the_lead(
    headline: str, closing: str, date: str | None
) -> None:
    """A place before a dash, a form line or a date says where it ends."""
    text = f"{headline} {closing}{LEAD}"
    found = analyse(text).date

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
def test_a_first_line_is_cut_only_where_a_headline_surely_ends(text: str) -> None:
    """Not within a sentence, nor where a word in capitals may be the headline's or the place's."""
    assert text == " ".join(words for _, words in kinds(text))
    assert "headline" not in dict(kinds(text))


BODY = "The town of Halifax opened a bridge over the harbour today, as the mayor said it would."


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"FOR IMMEDIATE RELEASE:\n\nOctober 20, 2021\n\n{BODY}\n", "2021-10-20"),
        (f"Bridge opens\nMay 19, 2020 10:00 A.M.\nOffice of the Mayor\n{BODY}\n", "2020-05-19"),
        (f"Town Builds HALIFAX (Sept. 22, 2005) – In order to help. {BODY}\n", "2005-09-22"),
        (f"{BODY}\n\n{BODY} 28-06-21\n", "2021-06-28"),
        (f"When: May 19, 2020\n\n{BODY}\n", None),
        (f"In just under a year, on Feb. 17, 2009, the nation's full- power towns {BODY}\n",
         None),
    ],
)  # fmt: skip
def test_a_release_gives_its_own_date_in_many_places(text: str, date: str | None) -> None:
    """Below a form line, with an hour, run in beside a place, or last; not within a sentence."""
    found = analyse(text).date
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
    """Punctuation, line ends and a few words more do not hide the headline."""
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
def test_a_headline_is_found_though_its_source_has_it_garbled_or_in_another_form(
    title: str, line: str
) -> None:
    """Letters that the source lost, or the same words in another form, do not hide it."""
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
def test_a_sentence_with_the_words_of_the_headline_is_none(line: str) -> None:
    """A sentence that announces a statement has the headline's words, and is still a sentence."""
    title = "Mayor Roe Issues Statement on the Opening of the Bridge"

    assert "headline" not in dict(kinds(f"{line}\n\n{BODY} {BODY}\n", title))


def test_a_title_that_the_text_has_whole_is_not_looked_for_in_other_letters() -> None:
    """A link that repeats the title is no headline, though nearly all of its letters are alike."""
    title = "Mayor Roe To File a Plan for the New Bridge"

    assert "headline" not in dict(kinds(f"Print-{title}\n\n{BODY} {BODY}\n", title))


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("STATEMENT FROM MAYOR JOHN ROE ON THE OPENING OF THE BRIDGE:", "JOHN ROE"),
        ("Mayor John Roe Statement on the Opening of the Bridge", "John Roe"),
        ("Mayor John Roe on the Opening of the Bridge", None),
        ("Statement on the Resignation of Mayor John Roe", None),
    ],
)
def test_a_headline_may_say_whose_statement_the_release_is(
    headline: str, speaker: str | None
) -> None:
    """The name stands before what the statement is about; whom it is about does not speak."""
    text = f"{headline}\n\n“{WORDS}.”\n\nThe bridge is open to all from now on, day and night."

    assert [speaker] == [q.speaker for q in analyse(text, headline).quotations]


def test_a_headline_within_a_sentence_is_none() -> None:
    """Words of the headline that a sentence repeats are part of the sentence."""
    text = f"Public Health reported seven new cases of the illness today. {BODY}\n\n{BODY}\n"
    assert ["body", "body"] == [kind for kind, _ in kinds(text, "Seven new cases")]


def test_contacts_and_boilerplate_are_told_from_the_body() -> None:
    """The end of a release is told apart, in lines of their own and run into one."""
    about = "Acme builds bridges in all provinces, and has done so since the year 1903 or before."
    text = (
        f"Town gets a bridge\n\n{LEAD}\n\nAbout Acme\n\n{about}\n\n- 30 -\n\n"
        "Media contact:\nJohn Roe\n902-555-0199"
    )
    run_in = f"{LEAD} It is the first bridge there. Media Contact John Roe, Halifax, 902-555-0199"

    assert ["headline", "body", "boilerplate", "boilerplate", "contact", "contact", "contact"] == [
        kind for kind, _ in kinds(text)
    ]
    assert [("body", f"{LEAD} It is the first bridge there.")] == kinds(run_in)[:1]
    assert "contact" == kinds(run_in)[1][0]


@pytest.mark.parametrize(
    "words",
    [
        "Contact with the bridge was lost at noon, said the owner of the ferry.",
        "For more information on the bridge, visit the website of the town of Halifax.",
        "About 300 people saw the bridge being opened on that cold and windy day",
        "About the Harbour Renewal Act",
        "Media relations have improved since the ministry took up the habit of answering.",
    ],
)
def test_body_text_is_no_contact_and_no_boilerplate(words: str) -> None:
    """A paragraph that merely begins like one stays body."""
    text = f"Town gets a bridge\n\n{LEAD}\n\n{words}\n\n{LEAD}"

    assert "body" == {w: k for k, w in kinds(text)}[words]


@pytest.mark.parametrize(
    "asking",
    [
        "Media Requests, please contact: Works Communications, 902-555-0199 Ext. 71073",
        "For all COVID-19 Media Requests, Contact: Works Communications works@example.org",
        "For media requests, please contact: Works Communications, 902-555-0199",
    ],
)
def test_whom_to_ask_is_cut_from_the_end_of_a_line(asking: str) -> None:
    """A request for media is a contact, on a line of its own and at the end of another."""
    assert [("body", LEAD), ("contact", asking)] == kinds(f"{LEAD} {asking}")
    assert [("body", LEAD), ("contact", asking)] == kinds(f"{LEAD}\n{asking}")


def test_what_a_page_offers_its_readers_is_no_part_of_the_release() -> None:
    """A line to share or print the page is neither contact nor body; "E-mail:" is a contact's."""
    text = (
        f"Print\nTweet\n{LEAD}\n\nMedia contact:\nJohn Roe\nE-mail:\nroe@example.org\n"
        "Share this page:Email this page to a friend"
    )

    assert ["links", "links", "body", *["contact"] * 4, "links"] == [k for k, _ in kinds(text)]
    assert "body" == kinds(f"{LEAD}\nShare this page with all who live by the harbour")[1][0]


@pytest.mark.parametrize(
    "about",
    [
        "About the Harbour Alliance Founded in 1990, the Alliance works to mend all the harbours.",
        "About Acme Harbours Acme Harbours has mended piers since 1903, and is known for its care.",
        "About the NHL The National Harbour Line (NHL) is a project of the council of Acme, NS.",
        "À propos de Ports du Nord Ports du Nord est un organisme qui a été créé en 1903 à Gaspé.",
    ],
)
def test_a_heading_about_somebody_may_run_into_its_text(about: str) -> None:
    """What it names comes again, or the text begins as such texts do; each such text is apart."""
    twice = f"{about} About Ed Coe Ed Coe was born in 1877 and has built bridges ever since then."

    assert ["body", "boilerplate"] == [kind for kind, _ in kinds(f"{LEAD}\n\n{about}")]
    assert [("body", LEAD), ("boilerplate", about)] == kinds(f"{LEAD} {twice}")[:2]
    assert ["body", "boilerplate", "boilerplate"] == [k for k, _ in kinds(f"{LEAD} {twice}")]


@pytest.mark.parametrize(
    "words",
    [
        "About Harbour Day Parade members spoke at length before they went on to the town hall.",
        "About The Battle of the Harbour the mayor spoke at length before she went to the hall.",
        f"About Ed Coe Ed Coe was born in 1877 and built it. {'It is a long bridge. ' * 80}",
    ],
)
def test_a_sentence_that_begins_with_about_is_body(words: str) -> None:
    """A name alone makes no heading; a very long line has run on into something else."""
    assert ["body", "body"] == [kind for kind, _ in kinds(f"{LEAD}\n\n{words.strip()}")]


def test_facts_and_links_have_kinds_of_their_own() -> None:
    """What stands below "Quick facts" is a list, below "Related links" links."""
    text = (
        f"Town gets a bridge\n\n{LEAD}\n\nQuick facts\n- It is long.\n- It is wide.\n\n"
        "Related links\nhttps://example.org/bridge\nThe bridge in pictures"
    )

    assert ["headline", "body", *["list"] * 3, *["links"] * 3] == [kind for kind, _ in kinds(text)]


def test_a_long_paragraph_is_divided_where_speakers_change() -> None:
    """In text that lost its line ends each quotation becomes a passage with its speaker."""
    filler = "The harbour is old, and the town has long wanted it to be dredged and widened. " * 5
    first = f"“{WORDS},” said Doe. “{WORDS} too.”"
    second = f"“{WORDS} as well,” said Mayor John Roe. “It is good for all of us, I am sure of it.”"
    text = f"{filler}{first} {filler}{second}"
    found = [(p.kind, p.speaker) for p in analyse(f"{LEAD}\n\n{text}").paragraphs]

    assert [
        ("body", None),
        ("body", None),
        ("quote", "Jane Q. Doe"),
        ("body", None),
        ("quote", "John Roe"),
    ] == found


@pytest.mark.parametrize(
    "text",
    ['"' * 100_000, "“we go on and on now. " * 20_000, "“a b c d e f,” said John Roe " * 10_000],
)
def test_time_stays_bounded(text: str) -> None:
    """Marks without end are read in time that grows with the text, not with its square."""
    assert analyse(text).paragraphs


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry leaves on 12 June 2021.",
        "On March 1, 2022, the airport will close runway two.",
        "Tickets go on sale June 2, 2021",
        "La piscine ouvre le 4 juin 2021.",
    ],
)
def test_a_short_sentence_with_a_date_is_what_the_release_says(sentence: str) -> None:
    """It is no date line, alone, first or later, and its date is not the release's."""
    for text in (sentence, f"{sentence}\n\n{LEAD}", f"{LEAD}\n\n{sentence}"):
        found = analyse(text)
        kinds = {text[slice(*p.span)]: p.kind for p in found.paragraphs}
        assert kinds[sentence] in {"body", "headline"}
        assert kinds[sentence] == "body" or text.startswith(sentence)
        assert found.date is None or found.date.source == "text"
    (alone,) = analyse(sentence).paragraphs
    assert alone.kind == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Ottawa, le 3 mai 2021", "WASHINGTON, D.C. — May 3, 2021", "Last updated May 3, 2021",
        "Monday, May 3, 2021 at 3:00 p.m.", "Berlin, den 3. Mai 2021", "Publié le 4 juin 2021",
        "For Immediate Release: May 3, 2021",
    ],
)  # fmt: skip
def test_a_line_about_its_own_issue_is_a_date_line(line: str) -> None:
    """Places, days, hours and the words of issuing may stand beside the date."""
    assert analyse(f"{line}\n\n{LEAD}").paragraphs[0].kind == "dateline"


def test_a_headline_without_a_release_is_what_it_says() -> None:
    """It would never be found otherwise: headlines are not searched for themselves."""
    found = analyse("Library closed today\n\nMay 3, 2021", "Library closed today")
    assert ["body", "dateline"] == [p.kind for p in found.paragraphs]
