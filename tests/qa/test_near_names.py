"""Names that are written like another."""

from qa.near_names import did_you_mean, near_names

KNOWN = ["Mélanie Joly", "Dwight Ball", "Melanie Jolicoeur", "Government of Yukon"]


def test_names_are_near_as_a_whole_or_in_a_word() -> None:
    """Accents and letter case do not count; a name is suggested as it is known."""
    assert near_names("melanie jolly", KNOWN)[0] == "Mélanie Joly"
    assert near_names("yukn", KNOWN) == ["Government of Yukon"]
    assert near_names("Zzyzx", KNOWN) == []
    assert near_names("", KNOWN) == []


def test_few_names_are_suggested() -> None:
    """Three; those like the whole name come before those like a word of it."""
    assert near_names("Smith", ["Anna-Maria Smith", *(f"{first} Smith" for first in "ABC")]) == [
        "C Smith", "B Smith", "A Smith"
    ]  # fmt: skip
    assert did_you_mean(["A", "B"]) == "did you mean 'A' or 'B'?"
    assert did_you_mean([]) == ""
