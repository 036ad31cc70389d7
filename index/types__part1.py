"""What restricts a search: applied before the best passages are chosen, never after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that a passage must meet to be searched at all.

    Attributes:
        since: ISO date; releases of that day or later. Undated releases do not match, nor does
            a date that was only guessed from running text.
        until: ISO date; releases of that day or earlier, as above.
        issuer: Words that stand in the issuer's name, in any letter case.
        lang: ISO 639-1 code.
        source: Glob over the source as it is shown (`*` also crosses `/`).
        kinds: Kinds of passage; empty for all.
        speaker: Words that stand in the speaker's name, in any letter case, accents or none.
        after: Row number of a release; those that were stored later (see `index.arrivals`).
    """

    since: str | None = None
    until: str | None = None
    issuer: str | None = None
    lang: str | None = None
    source: str | None = None
    kinds: tuple[str, ...] = ()
    speaker: str | None = None
    after: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is restricted."""
        return self != NO_FILTERS


NO_FILTERS = Filters()
