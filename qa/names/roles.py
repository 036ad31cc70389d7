"""Job titles as a list of names shows them: without what surrounds them, singular. Pure."""

import re
from functools import lru_cache

from index.structure.quotations.job_titles import (
    ORGANIZATION_WORDS,
    TITLE_CONNECTORS,
    TITLE_WORDS,
    is_capitalized,
    lookup_form,
)
from qa.conversation.entities import MORE_ORGANIZATIONS, PLACES
from qa.names.regions import REGION_OF, REGIONS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLURALS = {
    "senators": "Senator", "representatives": "Representative", "congressmen": "Congressman",
    "congresswomen": "Congresswoman", "congressmembers": "Congressmember", "reps": "Rep.",
    "sens": "Sen.", "ministers": "Minister", "premiers": "Premier", "mlas": "MLA", "mps": "MP",
    "mpps": "MPP", "ministres": "ministre", "députés": "député", "premières": "première",
    "governors": "Governor", "mayors": "Mayor", "chairs": "Chair",
}  # fmt: skip
_FORMS_OF_ADDRESS = _words(
    "mr mrs ms miss m mme madame monsieur dr docteur hon honourable honorable sir the me rev lady "
    "first"
)
"""Words that say nothing of somebody's job."""
_NO_TITLES = _words(
    "first general private major minority majority principal former acting executive responsible "
    "shadow deputy assistant associate vice grand m me ms mr mrs"
)
"""Words of titles that are no title alone."""
_QUALIFIERS = _words(
    "u.s us united states state federal national prime deputy assistant vice house senate "
    "democratic republican associate acting former interim senior junior chief provincial "
    "regional supreme court district city county town attorney ranking majority minority "
    "parliamentary cabinet associate lieutenant major brigadier first chairman united "
    "finance health justice treasury defence defense energy education agriculture environment "
    "transport transportation labour labor commerce interior foreign"
)
_ABBREVIATIONS = _words("sen sens rep reps gov dr mr mrs ms hon lt gen col capt sgt prof rev")
_SHORT_REGIONS = frozenset(REGION_OF) - REGIONS
_MOST_WORDS = 14


@lru_cache(maxsize=1 << 14)
def clean_role(role: str) -> str | None:
    """Return a job title without what surrounds it; None if there is none.

    "Kerry and President" is "President", "Senators" is "Senator", and "Dr." is none.
    """
    words = [word.strip('[]()“”"') for word in re.sub(r"[,;]+(?=\s|\Z)", "", role).split()]
    words = [word for word in words if word]
    first = next((i for i, word in enumerate(words) if _is_title(word)), None)
    if first is None:
        return None
    start = first
    while start and _qualifies(words, start - 1):
        start -= 1
    core = words[start:]
    end = first - start
    while end < len(core) and lookup_form(core[end]) in TITLE_WORDS:
        end += 1
    if end < len(core) and lookup_form(core[end]) not in TITLE_CONNECTORS:
        return None  # "Assistant Speaker Jane Doe" is somebody else
    end = _end_of_noun(core, end)
    core = core[:end]
    while core and (
        lookup_form(core[-1]) in _FORMS_OF_ADDRESS
        or (lookup_form(core[-1]) in TITLE_CONNECTORS and not is_capitalized(core[-1]))
    ):
        core.pop()
    while core and (lookup_form(core[0]) in _FORMS_OF_ADDRESS or core[0] in _SHORT_REGIONS):
        core.pop(0)
    if not core or len(core) > _MOST_WORDS or not any(map(_is_title, core)):
        return None
    core = [_PLURALS.get(lookup_form(word), word) for word in core]
    return " ".join(core)


def is_own_title(role: str) -> bool:
    """Whether words behind a name and a comma are that person's title, not the next person's."""
    words = role.split()
    return bool(words) and lookup_form(words[-1]) not in _ABBREVIATIONS


def _is_title(word: str) -> bool:
    form = lookup_form(word)
    return form in TITLE_WORDS and form not in _NO_TITLES


def _qualifies(words: list[str], place: int) -> bool:
    """Whether a word before a title belongs to it: "Deputy", "House", "Judiciary Committee"."""
    form = lookup_form(words[place])
    if form in _QUALIFIERS or form in PLACES or form in TITLE_WORDS:
        return True
    if form in ORGANIZATION_WORDS or form in MORE_ORGANIZATIONS:
        return is_capitalized(words[place])
    following = lookup_form(words[place + 1])
    return is_capitalized(words[place]) and (
        following in ORGANIZATION_WORDS or following in MORE_ORGANIZATIONS
    )


def _end_of_noun(words: list[str], end: int) -> int:
    """Return where the noun of a title ends: behind "Finance" in "Minister of Finance said"."""
    while end < len(words) and (
        is_capitalized(words[end]) or lookup_form(words[end]) in TITLE_CONNECTORS
    ):
        end += 1
    return end
