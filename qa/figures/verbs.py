"""The verbs of giving, getting, building and the like, of which a figure can be the object."""

import re

_BASES = """
    accept add administer aim allocate allot announce appropriate approve ask attract authorize
    award begin borrow bring build buy call cap charge collect commit complete contribute cover
    create cut dedicate deliver deploy designate distribute divide donate double earmark earn
    eliminate employ enable establish expand expect extend finance fine fund generate get give
    grant hire host improve include increase inject install introduce invest issue launch leverage
    lend lift limit lose make match move offer open operate owe own pass pay pledge plan plant
    process procure produce propose protect provide purchase put raise reach receive recover
    reduce release replace request require restore save secure see sell send serve set share sign
    spend sponsor start supply support take target train transfer transform treat triple use
    welcome win work
    """.split()  # noqa: SIM905
_IRREGULAR = """
    began bought brought built cut gave got made lost owed paid put sent set saw sold spent took
    won lent begun given taken committed planned
    """.split()  # noqa: SIM905
BARE = frozenset(_BASES) - frozenset(_IRREGULAR)
"""Verbs whose plain form is not also a past."""
_AUXILIARY = (
    r"(?:will|would|shall|can|could|may|has|have|had|is|are|was|were|plans? to|intends? to|aims? to"
    r"|pledged to|commits? to|committed to|expects? to|hopes? to|is set to|are set to|va|vont|a"
    r"|ont)"
)
ADVERB = (
    r"(?:also|today|yesterday|now|first|again|recently|already|so far|to date|then|jointly|soon"
    r"|together|not|only|(?!family|assembly|supply|ally)[a-z]+ly|this (?:morning|afternoon|week"
    r"|month|year|spring|summer|fall)"
    r"|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri)day|last (?:week|month|year)|earlier this \w+)"
)


def _forms(base: str) -> list[str]:
    stem = base.removesuffix("e")
    last = base[-1]
    double = (
        base + last
        if base in {"commit", "cap", "get", "put", "cut", "set", "plan", "win"}
        else stem
    )
    past = base[:-1] + "ied" if last == "y" and base[-2] not in "aeo" else double + "ed"
    third = (
        base[:-1] + "ies" if last == "y" and base[-2] not in "aeo"
        else base + ("es" if base.endswith(("ch", "sh", "ss")) else "s")
    )  # fmt: skip
    return [base, third, past, double + "ing"]


_DOING = "|".join(sorted({*(f for base in _BASES for f in _forms(base)), *_IRREGULAR},
                         key=lambda form: (-len(form), form)))  # fmt: skip
_FRENCH = (
    r"investira?|investit|verse(?:ra)?|accorde(?:ra)?|octroie|fournira?|annonce|consacre(?:ra)?"
)
_HEADLINE = (
    "Announces|Invests|Provides|Receives|Secures|Introduces|Delivers|Proposes|Commits|Contributes"
    "|Allocates|Approves|Adds|Distributes|Donates|Expands|Raises|Spends|Celebrates"
)
"""Verbs with the capital of a headline that are no nouns."""
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?P<aux>{_AUXILIARY}(?: not| be| been| being"
    rf"| soon be)*)(?: {ADVERB}){{0,2}} "
    rf"(?:(?:be|been|being|have|to) )*)?(?:{ADVERB} )?(?P<verb>{_DOING}|{_FRENCH}"
    rf"|{_HEADLINE})(?![\w’'-])"
)
