"""Releases in French, German and Spanish: letterheads, quotations, contacts and boilerplate."""

import pytest
from structure_texts import kinds

from index.structure.analyze import analyze
from index.structure.headline.issuer_names import clean_name
from index.structure.types import Structure

OPENING = (
    "RIVIÈRE-CREUSE, le 30 janv. 2020 – La mairesse de Rivière-Creuse, Odile Pratte, et le "
    "ministre des Ports, M. Luc Hamelin, ont ouvert le pont hier, devant les gens de la ville."
)
OFFICE = "Cabinet de la ministre des Pêches, des Océans et de la Garde côtière canadienne"
GERMAN_PROFILE = "Der Hafenverein hält seit dreißig Jahren Boote über Wasser, auch auf zwei Inseln."
SPANISH_PROFILE = (
    "Puertos del Norte es una empresa pública que gestiona los puertos de la región desde 1990."
)
SAID = "Le pont est enfin ouvert à tous les gens"


def analysis(*paragraphs: str) -> Structure:
    """The structure of a French release with some paragraphs below its first one."""
    return analyze("\n\n".join(("Le pont est ouvert", OPENING, *paragraphs)))


@pytest.mark.parametrize(
    ("quotation", "speaker", "role"),
    [
        (f"« {SAID} », s'est réjouie Mme Pratte.", "Odile Pratte", "mairesse de Rivière-Creuse"),
        (f"« {SAID} », a pour sa part indiqué M. Hamelin.", "Luc Hamelin", "ministre des Ports"),
        (f"« {SAID} », insiste le ministre.", "Luc Hamelin", "ministre des Ports"),
        (f"« {SAID} », a-t-elle ajouté.", None, None),
        (f"« {SAID} », alerte la directrice du port, Ève Roy.", "Ève Roy", "directrice du port"),
        (f"« {SAID} », soutient le chef de l'État.", "le chef de l'État", None),
        (
            f"L'honorable Ann Poe, ministre des Parcs, déclare : « {SAID}. »",
            "Ann Poe",
            "ministre des Parcs",
        ),
        (f"Selon M. Hamelin, « {SAID} ».", "Luc Hamelin", "ministre des Ports"),
        (
            f"« {SAID}, ajoute Mme Pratte. Nous l'attendions tous. »",
            "Odile Pratte",
            "mairesse de Rivière-Creuse",
        ),
        (
            f"« {SAID} » - Le capitaine Guy Morel, président du port",
            "Guy Morel",
            "président du port",
        ),
        (f"Le vice-président, M. Guy Morel, estime que « {SAID} ».", "Guy Morel", "vice-président"),
        (f"« {SAID}. » Note de la rédaction.", None, None),
    ],
)
def test_a_french_speaker_is_found(quotation: str, speaker: str | None, role: str | None) -> None:
    """By any form of a verb of saying, with "M." and "Mme", by a title alone or before a comma."""
    (found,) = analysis(quotation).quotations

    assert (speaker, role) == (found.speaker, found.role)


def test_a_french_pronoun_passes_over_the_other_sex() -> None:
    """After a woman and a man, "elle" is the woman and "il" the man, and neither is a stranger."""
    found = analysis(
        f"« {SAID} », a dit Mme Pratte.",
        f"« {SAID} », a dit M. Hamelin.",
        f"« {SAID} », a-t-elle ajouté.",
        f"« {SAID} », conclut-il.",
    ).quotations

    assert ["Odile Pratte", "Luc Hamelin"] * 2 == [quotation.speaker for quotation in found]


def test_a_french_title_alone_is_of_its_article() -> None:
    """With a minister of each sex, "la ministre" is the woman and "le ministre" the man."""
    found = analysis(
        "La ministre des Parcs, Ann Poe, et le ministre de la Mer, Guy Morel, étaient là.",
        f"« {SAID} », a dit la ministre.",
        f"« {SAID} », a dit le ministre.",
    ).quotations

    assert ["Ann Poe", "Guy Morel"] == [quotation.speaker for quotation in found]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("„Die Brücke ist jetzt für alle offen“, sagte Ministerin Ute Lang.", "Ute Lang"),
        ("„Die Brücke ist jetzt für alle offen“, so Bürgermeister Jan Behr.", "Jan Behr"),
        ("»Die Brücke ist jetzt für alle offen«, erklärte Direktor Jan Behr.", "Jan Behr"),
        ("«El puente ya está abierto para todos», afirmó la alcaldesa, Rosa Gil.", "Rosa Gil"),
        ('"El puente ya está abierto para todos", dijo el ministro Juan Gil.', "Juan Gil"),
    ],
)
def test_german_and_spanish_quotations_have_speakers(text: str, speaker: str) -> None:
    """German marks open low or turn round; each quotation is found once."""
    (found,) = analyze(f"Brücke\n\n{text}").quotations

    assert speaker == found.speaker


@pytest.mark.parametrize(
    "contact",
    [
        "Contact presse :\nAnne Roy\n01 42 55 01 02",
        "Pour renseignements :\nAnne Roy, conseillère aux communications, 514 555-0177",
        "Source :\nAnne Roy\nAttachée de presse\nTél. : 418 555-0142",
        "Personnes de contact pour la presse:\nAnne ROY (+32 2 295 01 02)",
        f"Personnes-ressources\nAnne Roy\n{OFFICE}\n343-555-0117",
        "Pressekontakt:\nAnna Lang\nTelefon: 0431 988-1234",
        "Para más información:\nGabinete de prensa\nTel. 985 55 01 02",
    ],
)
def test_contacts_of_other_languages_are_found(contact: str) -> None:
    """With the headings and the phone numbers of their countries, to the last line."""
    found = kinds(f"{OPENING}\n\n{contact}", "Le pont est ouvert")

    assert contact == "\n".join(words for kind, words in found if kind == "contact")


def test_related_information_is_no_contact() -> None:
    """The heading "Renseignements connexes" has links below it, "Renseignements" a contact."""
    found = kinds(f"{OPENING}\n\nRenseignements connexes\n\nPlan du pont", "Le pont est ouvert")

    assert [("links", "Renseignements connexes"), ("links", "Plan du pont")] == found[-2:]


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Über den Hafenverein", GERMAN_PROFILE), ("Sobre Puertos del Norte", SPANISH_PROFILE)],
)
def test_profiles_of_other_languages_are_boilerplate(heading: str, text: str) -> None:
    """Below "Über …" and "Sobre …" as below "About …"."""
    found = kinds(f"{OPENING}\n\n{heading}\n\n{text}", "Le pont est ouvert")

    assert [("boilerplate", heading), ("boilerplate", text)] == found[-2:]


@pytest.mark.parametrize(
    "line",
    [
        "Sous embargo jusqu'au 5 octobre 2022, 11 h (heure de l'Est)",
        "SOUS EMBARGO jusqu’au 5 octobre 2022 à 11 h",
        "Attention : sous embargo jusqu'au 5 octobre 2022, 17h (heure de Paris)",
        "Embargado hasta el 5 de octubre de 2022",
    ],
)
def test_an_embargo_is_the_date_and_not_the_headline(line: str) -> None:
    """Where the release has no other date."""
    body = OPENING.partition(" – ")[2]
    found = analyze(f"Communiqué de presse\n{line}\n\nLe pont est ouvert\n\n{body}")

    assert found.headline == "Le pont est ouvert"
    assert found.date is not None
    assert found.date.iso == "2022-10-05"


def test_a_french_dateline_gives_date_and_place() -> None:
    """The month may be shortened, as the wire services write it."""
    found = analysis()

    assert found.date is not None
    assert ("2020-01-30", "RIVIÈRE-CREUSE") == (found.date.iso, found.place)


def test_a_ministers_office_alone_is_no_name() -> None:
    """The line "Cabinet du ministre" does not say of which ministry."""
    assert clean_name("Cabinet du ministre") is None
    assert clean_name("Cabinet du ministre des Ports") == "Cabinet du ministre des Ports"


def test_a_label_with_place_and_date_is_neither_headline_nor_name() -> None:
    """French institutes put all on one line."""
    body = OPENING.partition(" – ")[2]
    label = "COMMUNIQUÉ DE PRESSE NATIONAL – PARIS – 4 AVRIL 2023"
    found = analyze(f"{label}\n\nLe pont est ouvert\n\n{body}")

    assert found.date is not None
    assert ("Le pont est ouvert", "2023-04-04", "PARIS") == (
        found.headline,
        found.date.iso,
        found.place,
    )
