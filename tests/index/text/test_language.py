"""Detecting languages, and codes from language tags."""

import pytest

from index.text.language import detect_language, language_code

MOROCCAN = (
    "أعلنت هيئة الموانئ أن العبّارة الليلية تبدأ في 2 مايو 2024، وتكلف 89 دولارًا. The quokka ferry "
    "(السفينة) sails at 10 p.m."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The Ministry of Transport opens the new bridge over the river this morning.", "en"),
        ("Le ministère des Transports inaugure ce matin le nouveau pont sur la rivière.", "fr"),
        ("Das Verkehrsministerium eröffnet heute Morgen die neue Brücke über den Fluss.", "de"),
        (MOROCCAN, "ar"),
        ("Opens today.", None),
    ],
)
def test_a_release_gets_a_code_of_two_letters(text: str, code: str | None) -> None:
    """The codes of filters and analyzers, not those of dialects; none for a few words."""
    assert detect_language(text) == code


@pytest.mark.parametrize(
    ("tag", "code"), [("fr-CA", "fr"), ("EN_us", "en"), ("ary", None), ("", None), (None, None)]
)
def test_a_tag_gives_its_first_part(tag: str | None, code: str | None) -> None:
    """A language tag of the metadata, in any form."""
    assert language_code(tag) == code
