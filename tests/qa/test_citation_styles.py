"""Citations as plain text, Markdown, BibTeX and RIS."""

from dataclasses import replace

from made_answers import made_passage, made_release

from qa.citations import STYLES, bibtex, markdown, plain, ris
from qa.types import RankedPassage


def passage(**facts: str | None) -> RankedPassage:
    """A passage of a release with these facts."""
    return made_passage(release=made_release(**facts))  # type: ignore[arg-type]


def test_every_style_holds_the_checkable_citation() -> None:
    """As it is, or in BibTeX with its signs escaped as that wants them."""
    cited = passage()
    assert plain(cited) == cited.citation
    assert cited.citation in markdown(cited)
    assert r"note = {[bridge-2023\#3] chars 100-167}" in bibtex(cited)
    assert "N1  - [bridge-2023#3] chars 100-167\n" in ris(cited)
    assert set(STYLES) == {"plain", "Markdown", "BibTeX", "RIS"}


def test_markdown_links_web_addresses_alone_and_escapes_the_rest() -> None:
    """A title cannot become a link, an image or code; a script address is no link."""
    cited = passage(title="![x](y) `z` <b>", url="javascript:alert(1)", issuer="A_B", date=None)
    line = markdown(cited)
    assert line.startswith(r"\!\[x\]\(y\) \`z\` \<b\>, A\_B `")
    assert "javascript" not in line
    linked = markdown(passage(title="Ferry", url="https://e.org/a_(b)"))
    assert linked.startswith("[Ferry](https://e.org/a_%28b%29)")


def test_markdown_keeps_backticks_of_a_citation() -> None:
    """The code's fence is longer than any run of backticks within."""
    cited = replace(passage(), citation="“A ``b`` c” [releaseqa x#1 0-1 sha256:abc]")
    assert "```“A ``b`` c” [releaseqa x#1 0-1 sha256:abc]```" in markdown(cited)


def test_bibtex_is_well_formed_whatever_the_title_holds() -> None:
    """Braces and commands of a title are letters of it; the key has only what keys may have."""
    cited = replace(
        passage(title="50% of {all} & \\more\nhere_", issuer="R&D", date="2023-04-17", url=None),
        passage_id="a b,{c}#3",
    )
    entry = bibtex(cited)
    assert entry.startswith("@misc{a-b-c-3,\n")
    assert r"  title = {{50\% of \{all\} \& \textbackslash{}more here\_}}," in entry
    assert r"  author = {{R\&D}}," in entry
    assert "  date = {2023-04-17},\n  year = {2023}," in entry
    assert "  month = apr," in entry
    assert "url" not in entry
    assert entry.endswith("\n}")


def test_ris_is_one_line_for_each_field() -> None:
    """No line end of a title begins a field; a name of an author has no asterisk."""
    cited = passage(
        title="Bridge\r\nER  - \u2028opens",
        issuer="Town *of* Hill",
        date="2023-04-17",
        url="https://e.org/a?b=1&c=%20#d",
    )
    assert ris(cited).split("\n") == [
        "TY  - RPRT",
        "AU  - Town of Hill",
        "TI  - Bridge ER - opens",
        "M3  - Press release",
        "PB  - Town *of* Hill",
        "PY  - 2023",
        "DA  - 2023/04/17/",
        "UR  - https://e.org/a?b=1&c=%20#d",
        "N1  - [bridge-2023#3] chars 100-167",
        "ER  - ",
    ]


def test_what_is_unknown_is_left_out() -> None:
    """Without issuer, date or address there is no such field; parts of a date are kept."""
    bare = passage(title="", issuer=None, date=None, url="javascript:alert(1)")
    assert [line[:2] for line in ris(bare).split("\n")] == ["TY", "TI", "M3", "N1", "ER"]
    assert [line.split()[0] for line in bibtex(bare).split("\n")[1:-1]] == [
        "title", "howpublished", "note",
    ]  # fmt: skip
    month = passage(date="2023-04")
    assert "DA  - 2023/04//" in ris(month)
    assert "month = apr" in bibtex(month)
    assert "DA  - 2023///" in ris(passage(date="2023"))
    assert "month" not in bibtex(passage(date="2023"))
