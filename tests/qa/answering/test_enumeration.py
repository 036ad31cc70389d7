"""The items of lists around words of the reader's."""

import pytest

from index.text.sentences import sentence_spans
from qa.answering.enumeration import list_items
from qa.query.question import parse_question

GRANTS = (
    "The following departments will receive grants:\n"
    "* Orwell Fire Department: $38,808\n"
    "* Orleans Fire Department: $65,700\n"
    "* Ryegate Fire Department: $36,213\n"
    "The senator was pleased."
)
STATIONS = "Stations at Las Cruces, Santa Teresa, Deming and Lordsburg are understaffed, she said."
GUESTS = (
    "Ontario sent Christine Elliott, Deputy Premier and Minister of Health, and Prabmeet "
    "Sarkaria, Associate Minister of Small Business, to speak."
)
DINNER = (
    "The dinner was attended by such people as Secretary Henry Kissinger, Mayor Carlos "
    "Gutierrez, author Christopher Hitchens, and a dozen others."
)


def items(question: str, text: str, words: str) -> list[str]:
    """The items that the first `words` of a passage lead to."""
    start = text.index(words)
    sentences = sentence_spans(text)
    asked = parse_question(question)
    if asked.several is None:
        return []
    span = (start, start + len(words))
    found = list_items(asked.several, asked.answer_type, text, sentences, span)
    return [text[slice(*item)] for item in found]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "It lives off rice, beans, and condensed milk, which is dear.",
            "rice, beans, and condensed milk",
            ["rice", "beans", "condensed milk"],
        ),
        (STATIONS, "Las Cruces", ["Las Cruces", "Santa Teresa", "Deming", "Lordsburg"]),
        (STATIONS, "Deming", ["Las Cruces", "Santa Teresa", "Deming", "Lordsburg"]),
        (GUESTS, "Christine Elliott", ["Christine Elliott", "Prabmeet Sarkaria"]),
        (
            DINNER,
            "Secretary Henry Kissinger",
            ["Secretary Henry Kissinger", "Mayor Carlos Gutierrez", "author Christopher Hitchens"],
        ),
        (
            "Units are open (Kelowna, Penticton); others follow (Oliver, Osoyoos, Trail).",
            "Osoyoos",
            ["Oliver", "Osoyoos", "Trail"],
        ),
        (
            "The plan has priorities: safe streets; better and cheaper housing; and new parks.",
            "safe streets",
            ["safe streets", "better and cheaper housing", "new parks"],
        ),
        (
            "The fund has categories: research and training; services; and construction.",
            "research and training; services; and construction",
            ["research and training", "services", "construction"],
        ),
        (
            "In 1886, Robert Lane and Benjamin Vail joined.",
            "Robert Lane and Benjamin Vail",
            ["Robert Lane", "Benjamin Vail"],
        ),
        (
            "Des fonds seront versés à Québec, Lévis, Saint-Georges et Thetford Mines pour cela.",
            "Québec",
            ["Québec", "Lévis", "Saint-Georges", "Thetford Mines"],
        ),
        (
            "It met on May 3, 2021, June 4, 2021 and July 5, 2021.",
            "May 3, 2021, June 4, 2021 and July 5, 2021",
            ["May 3, 2021", "June 4, 2021", "July 5, 2021"],
        ),
    ],
)
def test_a_list_in_running_text(text: str, words: str, expected: list[str]) -> None:
    """It is found from one item or from all, and ends where the sentence goes on."""
    assert items("Which things are they?", text, words) == expected


def test_lines_with_bullets() -> None:
    """Words before the colon of their line are items in every line; whole lines are otherwise."""
    names = ["Orwell Fire Department", "Orleans Fire Department", "Ryegate Fire Department"]
    question = "Which departments will receive grants?"

    assert items(question, GRANTS, "Orleans Fire Department") == names
    assert items(question, GRANTS, "Orwell Fire Department: $38,808")[1:] == [
        "Orleans Fire Department: $65,700",
        "Ryegate Fire Department: $36,213",
    ]
    assert items(question, GRANTS, "senator") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Acme, based in Toronto, and led by Ann Lee, gets $1,000,000.", "Acme"),
        ("The Tyne Metro, a system of suburban and urban railways, opened.", "Tyne Metro"),
        ("The Ministry of Fish and Wildlife spoke.", "Ministry of Fish and Wildlife"),
        ("The law deals with rights, powers and special duties of old towns.", "old towns"),
        ("He spoke; it rained.", "He spoke"),
        ("Ontario takes part.", "Ontario"),
    ],
)
def test_what_is_no_list_for_sure(text: str, words: str) -> None:
    """Without a clear beginning, end or likeness there are no items."""
    assert items("Which things are they?", text, words) == []


def test_a_number_in_the_question_has_to_be_the_number_of_items() -> None:
    """It also speaks for a pair of common nouns, which would not be divided otherwise."""
    pair = "It has rice and condensed milk."
    words = "rice and condensed milk"

    assert items("What two foods are there?", pair, words) == ["rice", "condensed milk"]
    assert items("What three foods are there?", pair, words) == []
    assert items("What foods are there?", pair, words) == []
    assert items("Which three stations are there?", STATIONS, "Deming") == []
    assert len(items("Which four stations are there?", STATIONS, "Deming")) == 4


def test_a_question_for_one_thing_has_no_items() -> None:
    """Its answer stays one span, in whatever list."""
    assert items("Which station is understaffed?", STATIONS, "Deming") == []
