"""Citations as plain text, Markdown and BibTeX."""

from dataclasses import replace

from made_answers import made_passage, made_release

from qa.citations import STYLES, bibtex, markdown, plain
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
    assert set(STYLES) == {"plain", "Markdown", "BibTeX"}


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
    assert "  date = {2023-04-17}," in entry
    assert "url" not in entry
    assert entry.endswith("\n}")
