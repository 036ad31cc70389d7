"""Which sentences of a release say what somebody said."""

from index.structure.analyze import analyze
from index.structure.passages import EncoderWindow, split_passages
from index.structure.said import SaidSpan, said_spans

_WINDOW = EncoderWindow(512, lambda text: range(0, len(text), 4))


def said(text: str) -> list[tuple[str, str, bool]]:
    """The speaker, the words, and whether they are quoted, of each span."""
    passages = split_passages(text, analyze(text).paragraphs, "en", _WINDOW)
    found: list[SaidSpan] = list(said_spans(text, passages))
    return [(span.speaker, text[slice(*span.span)], span.quoted) for span in found]


def test_a_sentence_is_of_who_is_quoted_or_reported() -> None:
    """Each of two speakers in a paragraph has the sentences that name them, and nobody others."""
    text = (
        "Mayor Ann Roe opened the harbour bridge on Monday in the rain. Roe warned that the old "
        "bridge may fall. It was built in 1901 by the harbour board. “I will not cross it again,” "
        "said Councillor Ben Poe. The new bridge has two lanes and a path for bicycles, and a "
        "third lane can be added to it later. It was paid for by the province alone."
    )

    assert said(text) == [
        ("Ann Roe", "Roe warned that the old bridge may fall.", False),
        ("Ben Poe", "“I will not cross it again,” said Councillor Ben Poe.", True),
    ]


def test_words_without_marks_are_of_who_is_named_behind_them() -> None:
    """As in sources that lost their quotation marks."""
    text = (
        "Mayor Ann Roe opened the harbour bridge on Monday in the rain. The old bridge was a "
        "danger to all of us, said Mayor Roe, who crossed it twice. It was built in 1901."
    )

    assert said(text) == [
        (
            "Ann Roe",
            "The old bridge was a danger to all of us, said Mayor Roe, who crossed it twice.",
            False,
        )
    ]


def test_a_short_paragraph_before_a_quotation_is_not_said() -> None:
    """It is in the same passage, but nobody says it."""
    quotation = "“Anybody can cross it at any time of the day,” said Ann Roe, the mayor."
    text = f"A bridge for the harbour of Salmon Cove\n\nThe bridge opened today.\n\n{quotation}"

    assert [words for _, words, _ in said(text)] == [quotation]


def test_an_announced_statement_is_of_who_announces_it() -> None:
    """Another person, who the next sentence is about, is not its speaker."""
    quotation = (
        "“Ben Poe knows each rock in our harbour, and I am glad that he will take the helm.”"
    )
    text = (
        "SALMON COVE -- Mayor Ann Roe has released the following statement on the choice of Ben "
        "Poe as harbour master. Ben Poe was a fisherman for thirty years before that.\n\n"
        f"{quotation}\n\nThe harbour has had no master since the last one left for the city in May."
    )

    assert said(text) == [("Ann Roe", quotation, True)]


def test_a_turn_of_a_transcript_is_of_its_speaker() -> None:
    """Also where another person is quoted in it; a journalist's question is nobody's."""
    turns = [
        "MR. ROE: The bridge will be open in the spring, and everybody is welcome to see it then.",
        "Q: And who is going to pay for the bridge after it is open to all of the traffic?",
        "MR. ROE: The province will. As Ann Poe said, “it is a bridge for all of us,” and it is.",
        "Q: What about the old bridge, which some people in the town would like to keep for walks?",
        "MR. ROE: It will be taken down as soon as there is money for that, which may take a year.",
        "Q: Will there be a ferry until then, as there was one when the last bridge was repaired?",
        "MR. ROE: There will be a ferry each hour, from six in the morning until ten at night.",
    ]

    found = said(
        "\n\n".join(["The minister spoke with the press on Monday about bridges.", *turns])
    )

    assert [words for speaker, words, _ in found if "Roe" in speaker] == turns[::2]
    assert not [words for _, words, _ in found if words.startswith("Q:")]
