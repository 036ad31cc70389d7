"""Boilerplate: headings with titles and addresses in them, and profiles without a heading."""

import pytest
from structure_texts import BODY, kinds

MORE = "It has done so for thirty years, with twelve people, in three towns and on two islands."


def boilerplate(text: str) -> list[str]:
    """The words of the boilerplate of a release."""
    return [words for kind, words in kinds(text, "Town Gets a Bridge") if kind == "boilerplate"]


@pytest.mark.parametrize(
    "heading",
    [
        "About Congresswoman Jane Q. Doe (XX-18)",
        "About Rep. Jane Doe",
        "About HarbourHelp www.HarbourHelp.example",
        "About the Harbour Trust Inc.:",
        "À propos de M. Roe",
    ],
)
def test_a_heading_may_have_full_stops_and_digits(heading: str) -> None:
    """A title, an initial, a district or an address does not make it a sentence."""
    about = f"Harbour Help keeps boats from sinking. {MORE}"

    assert [heading, about] == boilerplate(f"{BODY}\n\n{heading}\n\n{about}")


@pytest.mark.parametrize(
    "profile",
    [
        "Congresswoman Jane Q. Doe represents the 4th Congressional District of Xland.",
        "Jane Doe is proud to represent Xland’s 4th Congressional District, which has five towns.",
        (
            "U.S. Rep. Jane Doe is currently serving her third term representing Xland’s Sixth "
            "Congressional District."
        ),
        (
            "Sen. Doe serves on the Harbour and Bridge Committees. She is also Chairman of the "
            "Ferry Conference. She was a judge before."
        ),
        (
            "Sen. Doe chairs the Harbour Conference. She served previously as Attorney General, "
            "as a judge and as a pilot."
        ),
        (
            "Congresswoman Doe was elected to the House in 2018, the first pilot ever to sit for "
            "the ferries. She serves on the Committee on Harbours."
        ),
        (
            "Jane R. Doe has been in Congress since 2007. She chairs the Harbour Caucus, and sits "
            "on the Committee on Ferries."
        ),
        (
            "Harbour Help Inc. is a leading international supplier of lifeboats. "
            "It works in nine countries. It was founded in 1950."
        ),
        (
            "Harbour Trust is a not-for-profit foundation that keeps piers. It works in ten towns. "
            "It lives on gifts."
        ),
        (
            "As Ranking Member of the Committee on Harbours, Dr. Doe continues the work of years. "
            "The Committee on Harbours oversees piers. It also oversees docks."
        ),
    ],
)
def test_a_profile_at_the_end_is_boilerplate_without_a_heading(profile: str) -> None:
    """Standing text about an office or a company at the end; an end mark may follow."""
    assert [profile] == boilerplate(f"{BODY}\n\n{BODY}\n\n{profile}\n\n###")


@pytest.mark.parametrize(
    "last",
    [
        "Sen. Doe is a member of the Harbour Committee, which wrote the bill that passed.",
        "It is an honour to serve the town for a second term. We thank all. We go on. We work.",
        "Judge Roe currently serves as judge of the 14th Judicial District, and will sit there.",
        "Congresswoman Doe represents the 4th Congressional District and said today she would go.",
        "Jane Roe is a partner at the law firm of Poe. She previously served as a judge of Ferry.",
        "Mayor Roe is leaving the post to which she was elected in 2018. A council will meet.",
        "Mr. Poe is charged with fraud over the fund. He was appointed treasurer in 2010.",
        "The Committee is looking into the spill, the largest ever to reach us. Fishing ends.",
        "The bridge is a national monument. It was built in 1950. It is of iron. It is red.",
    ],
)
def test_a_last_paragraph_about_the_news_is_body(last: str) -> None:
    """One sentence that names an office, or text about an event, stays body."""
    assert [] == boilerplate(f"{BODY}\n\n{BODY}\n\n{last}")


def test_a_profile_before_the_end_is_body() -> None:
    """Text about a person is boilerplate only below everything else."""
    profile = "Congresswoman Jane Q. Doe represents the 4th Congressional District of Xland."

    assert [] == boilerplate(f"{BODY}\n\n{BODY}\n\n{profile}\n\n{BODY}")


BEHIND = (
    "Congresswoman Doe has been a leader in the work for piers. She wrote the Law of Docks in 2003."
)


@pytest.mark.parametrize("heading", ["ABOUT", "About us:", "About Us", "À propos"])
def test_a_heading_may_leave_the_name_to_the_text_below(heading: str) -> None:
    """The word "About" alone opens boilerplate when prose follows, and is navigation otherwise."""
    about = f"Harbour Help keeps boats from sinking. {MORE}"

    assert [heading, about] == boilerplate(f"{BODY}\n\n###\n\n{heading}\n\n{about}")
    assert [] == boilerplate(f"Home\n\n{heading}\n\nBiography\n\nOffices\n\n{BODY}")


def test_a_copy_may_be_only_boilerplate() -> None:
    """Its heading may be in capitals, and the text may name the issuer in another form."""
    about = f"Janes work has kept boats from sinking. {MORE}"

    assert ["ABOUT JANE", about] == boilerplate(f"ABOUT JANE\n{about}")


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "***"])
def test_a_profile_after_the_end_mark_is_boilerplate(mark: str) -> None:
    """There it needs no district and no third sentence; before the mark it is body."""
    assert [BEHIND] == boilerplate(f"{BODY}\n\n{BODY}\n\n{mark}\n\n{BEHIND}\n\nNext Article")
    assert [] == boilerplate(f"{BODY}\n\n{BODY}\n\n{BEHIND}\n\n{mark}")


@pytest.mark.parametrize(
    "last",
    [
        "Congresswoman Doe is to speak today, and after that she will go on a ferry to the island.",
        "The law was written in 2003, and has been a help to all the towns that have a pier since.",
        "Congresswoman Doe wrote to the Board of Piers, which is why the bridge is open to all.",
    ],
)
def test_other_text_after_the_end_mark_is_not_boilerplate(last: str) -> None:
    """News, notes and letters may stand there as well."""
    assert [] == boilerplate(f"{BODY}\n\n{BODY}\n\n###\n\n{last}")
