"""Names of people, organisations and places: as a text has them, and as a collection has them."""

from dataclasses import dataclass
from typing import Literal

from index.types import NameKind, Span

Form = Literal["full", "likely", "short", "acronym"]
"""How much a mention says by itself.

`full`: what it names is certain. `likely`: it has the form of a name, and counts if it is `full`
elsewhere. `short`: a surname with a title, or a town without its state. `acronym`: capitals that
mean something if a release spells them out.
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place in a text.

    Attributes:
        kind: What it stands for.
        name: As written, with single blanks.
        span: Into the text that was read.
        form: How much it says by itself.
        role: The job title beside a person's name, or None.
        meaning: Of an acronym, the name that it stands for there; of a place, its state or
            province; otherwise None.
    """

    kind: NameKind
    name: str
    span: Span
    form: Form
    role: str | None = None
    meaning: str | None = None


@dataclass(frozen=True, slots=True)
class NamedRelease:
    """A release that names somebody or something, as far as the list needs it.

    Attributes:
        key: Its row number.
        id: Its id.
        date: ISO date, or None.
        url: Where it is on the web, or None (untrusted).
    """

    key: int
    id: str
    date: str | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A person, an organisation or a place with the releases that name it.

    Attributes:
        kind: What it is.
        name: The most frequent name.
        names: All names that are joined, sorted.
        roles: Of a person, the job titles that releases give, the most frequent first.
        releases: Those that name it, by date, undated ones last.
        can_be: If the name can be several people's or places', these; it is joined to none.
    """

    kind: NameKind
    name: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    releases: tuple[NamedRelease, ...]
    can_be: tuple[str, ...] = ()

    @property
    def first(self) -> str | None:
        """ISO date of the first release with a date, or None."""
        return self.releases[0].date

    @property
    def last(self) -> str | None:
        """ISO date of the last release with a date, or None."""
        return next((r.date for r in reversed(self.releases) if r.date), None)


@dataclass(frozen=True, slots=True)
class NameSummary:
    """A name as a long list of names shows it.

    Attributes:
        kind: What it is.
        name: The most frequent name.
        names: The others that are joined, sorted.
        roles: Of a person, the most frequent job titles.
        can_be: If the name can be several people's or places', these.
        first, last: ISO dates of its first and last release with a date, or None.
        releases: The row numbers of the releases that name it.
        text: All names, folded, a blank before each word, in which words are looked for.
    """

    kind: NameKind
    name: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    can_be: tuple[str, ...]
    first: str | None
    last: str | None
    releases: tuple[int, ...]
    text: str
