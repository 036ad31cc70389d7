"""Citations in the forms that other programs take: plain text, Markdown, BibTeX.

Each holds the checkable citation of `qa.citation`, in BibTeX with its signs escaped, so that what
is pasted anywhere can still be checked with `releaseqa cite`.
"""

import re
from collections.abc import Callable, Mapping

from qa.answer import RankedPassage
from qa.citation import plain_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+|!~])")
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_FENCES = re.compile("`+")
_UNFIT_KEY = re.compile(r"[^A-Za-z0-9.:+/-]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+")


def plain(passage: RankedPassage) -> str:
    """Return the citation as `releaseqa cite` checks it."""
    return passage.citation


def markdown(passage: RankedPassage) -> str:
    """Return one line: headline, linked to a web address, facts, and the citation as code."""
    release = passage.release
    title = _MARKDOWN.sub(r"\\\1", plain_line(release.title) or "Untitled release")
    if release.url and _ADDRESS.fullmatch(release.url):
        address = release.url.replace("(", "%28").replace(")", "%29")
        title = f"[{title}]({address})"
    given = (part for part in (release.issuer, release.date) if part)
    facts = [_MARKDOWN.sub(r"\\\1", plain_line(part)) for part in given]
    fence = "`" * (1 + max(map(len, _FENCES.findall(passage.citation)), default=0))
    return f"{', '.join([title, *facts])} {fence}{passage.citation}{fence}"


def bibtex(passage: RankedPassage) -> str:
    """Return an entry for a release that names the passage in its note."""
    release = passage.release
    key = _UNFIT_KEY.sub("-", passage.passage_id).strip("-") or "release"
    fields = {
        "title": f"{{{_escaped(release.title or 'Untitled release')}}}",
        "author": f"{{{_escaped(release.issuer)}}}" if release.issuer else "",
        "date": _escaped(release.date or ""),
        "howpublished": "Press release",
        "url": release.url if release.url and _ADDRESS.fullmatch(release.url) else "",
        "note": _escaped(passage.citation),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


STYLES: Mapping[str, Callable[[RankedPassage], str]] = {
    "plain": plain,
    "Markdown": markdown,
    "BibTeX": bibtex,
}
"""What a citation can be copied as, by name."""


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(character, character) for character in plain_line(text))
