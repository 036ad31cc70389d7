"""Transcripts: turns with their speakers, and the questions of journalists."""

import pytest
from structure_texts import BODY, LEAD

from index.structure.analyze import analyze
from index.structure.passages import EncoderWindow, split_passages

TURNS = [
    ("QUESTION", "Minister, why does the ferry to Bell Island leave so late in the winter?"),
    ("MINISTER POE", "It leaves late because the ice has to be broken first, which takes an hour."),
    ("QUESTION", "And what will the new one cost the people who live on the island?"),
    (
        "MINISTER POE",
        "Nothing more than now. A crossing stays at four dollars until the year 2027.",
    ),
    ("QUESTION", "Has anybody been hurt on the old one since it was bought?"),
    ("MINISTER POE", "Nobody has. The captain is careful and the boat is inspected every month."),
]
HEAD = "Minister Poe speaks on the ferry"


def transcript(between: str = "\n\n", turns: list[tuple[str, str]] = TURNS) -> str:
    """A transcript below a headline and a lead."""
    lead = "Ann Poe, Minister of Ferries, spoke to the press on Monday. Here is what was said."
    said = between.join(f"{name}: {words}" for name, words in turns)
    return f"{HEAD}\n\n{lead}{between if between == ' ' else chr(10) * 2}{said}"


def found(text: str, title: str | None = HEAD) -> list[tuple[str, str | None, str]]:
    """Kind, speaker and words of each paragraph that has one of the two kinds of turns."""
    return [
        (p.kind, p.speaker, text[slice(*p.span)])
        for p in analyze(text, title).paragraphs
        if p.kind in {"quote", "question"}
    ]


@pytest.mark.parametrize("between", ["\n\n", "\n", " "])
def test_each_turn_has_its_speaker(between: str) -> None:
    """Turns on lines of their own and in one line; a label belongs to the words after it."""
    assert [
        ("question", None) if name == "QUESTION" else ("quote", "Ann Poe") for name, _ in TURNS
    ] == [(kind, speaker) for kind, speaker, _ in found(transcript(between))]
    assert [f"{name}: {words}" for name, words in TURNS] == [
        words for *_, words in found(transcript(between))
    ]


@pytest.mark.parametrize(
    "label",
    ["Q", "Q1", "JOURNALIST", "Reporter", "Question", "JOURNALISTE", "MODERATOR", "QUESTIONER"],
)
def test_words_for_a_journalist(label: str) -> None:
    """A turn with such a label is a question, whoever answers."""
    turns = [(label if name == "QUESTION" else name, words) for name, words in TURNS]

    assert ["question", "quote"] * 3 == [kind for kind, *_ in found(transcript(turns=turns))]


def test_who_asks_most_is_the_interviewer() -> None:
    """An interviewer with a name is known by the questions; whose release it is, is none."""
    turns = [("ROE" if name == "QUESTION" else "SEN. POE", words) for name, words in TURNS]
    kinds = [kind for kind, *_ in found(transcript(turns=turns), "Sen. Poe talks to John Roe")]
    own = [kind for kind, *_ in found(transcript(turns=turns), "Rep. Roe asks Sen. Poe")]

    assert ["question", "quote"] * 3 == kinds
    assert ["quote"] * 6 == own


def test_members_of_a_committee_are_no_journalists() -> None:
    """In a hearing, the words of those who ask count as well."""
    turns = [("ROE" if name == "QUESTION" else name, words) for name, words in TURNS]

    assert {"quote"} == {kind for kind, *_ in found(transcript(turns=turns), "Committee Hearing")}


def test_speakers_may_stand_on_lines_of_their_own() -> None:
    """A name above the words is part of the turn."""
    text = f"{HEAD}\n\n" + "\n\n".join(
        f"{'Journalist' if name == 'QUESTION' else 'Prime Minister'}\n\n{words}"
        for name, words in TURNS
    )
    kinds = [(kind, speaker) for kind, speaker, _ in found(text)]

    assert [("question", None), ("quote", "Prime Minister")] * 3 == kinds
    assert found(text)[0][2].startswith("Journalist\n\nMinister, why")


def test_a_speaker_above_another_speaker_is_not_lost() -> None:
    """As in letters, where names stand one below the other in a signature."""
    named = [
        ("Journalist" if name == "QUESTION" else "Prime Minister", said) for name, said in TURNS
    ]
    turns = "\n\n".join(
        f"{name}\n\n{said}" for name, said in [*named[:4], ("Ms Roe", "Ms Roe"), *named[4:]]
    )
    text = f"{HEAD}\n\n{turns}"
    paragraphs = analyze(text, HEAD).paragraphs

    assert any(p.kind == "question" for p in paragraphs)
    assert text.split() == [word for p in paragraphs for word in text[slice(*p.span)].split()]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{w}: {BODY}" for w in ("WHEN", "WHERE", "WHAT") * 4),
        "\n".join(f"Recipient: {BODY}\nAmount: {BODY}" for _ in range(6)),
        f"QUESTION: {TURNS[0][1]}\nMINISTER POE: {TURNS[1][1]}",
        "\n".join(f"{name}: {BODY}" for name, _ in TURNS),
        f"{BODY} {BODY}\n\n{BODY} {BODY}",
    ],
    ids=["advisory", "form", "two_turns", "no_questions", "release"],
)
def test_other_papers_with_labels_are_no_transcripts(text: str) -> None:
    """Few turns, forms, and texts in which nobody asks anything have no question turns."""
    assert [] == [p for p in analyze(f"{LEAD}\n\n{text}").paragraphs if p.kind == "question"]


def test_a_question_and_its_answer_are_passages_of_their_own(window: EncoderWindow) -> None:
    """However short turns are, no passage has words of two speakers."""
    turns = [(name, "Why? Is it so?" if name == "QUESTION" else words) for name, words in TURNS]
    text = transcript(turns=turns)
    passages = split_passages(text, analyze(text, HEAD).paragraphs, "en", window)

    assert 6 == sum(passage.kind in {"question", "quote"} for passage in passages)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["Q: a? " * 20_000, "A B C D E. " * 20_000, "ROE: " * 40_000])
def test_time_stays_bounded(text: str) -> None:
    """Labels without end are read in time linear in the text."""
    assert analyze(f"{LEAD}\n\n{text}").paragraphs
