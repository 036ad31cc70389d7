"""Job titles beside names: word lists, and finding the title that belongs to a name.

English, French, German and Spanish. They are lists because no rule tells "Minister" from a first
name. The lists hold no names.
"""

import re
from collections.abc import Sequence

from index.text.sentences import ends_sentence
from index.types import Span

_TITLE_WORD_LIST = """
acting adjoint adjointe administrator admiral advisor agent alderman ambassador analyst
archbishop archivist assemblyman assemblywoman assistant associate attorney auditor bishop
brigadier candidate captain ceo cfo chair chairman chairperson chairs chairwoman chancellor chef
cheffe chief clerk co-chair colonel commander commissaire commissioner comptroller congressman
congressmen congressperson congresswoman conseiller conseillère constable coo coordinator
coroner corporal councillor councilman councilmember councilwoman counsel counselor dean
delegate deputy detective directeur director directrice docteur docteure doctor dr dre député
députée députés economist elder executive first former founder general gouverneur gouverneure
gov governor grand général générale hon honorable honourable inspector judge justice lady leader
lieutenant lieutenant-gouverneur lieutenant-gouverneure lieutenant-governor lieutenante-
gouverneure lt lt.-gov m madam madame maire mairesse major majority manager mayor maître me
member minister ministers ministre ministres minority mla mlas mme mna monsieur mp mpp mpps mps
mr mrs ms médecin officer ombudsman owner partner pastor porte-parole premier premiers première
president principal private procureur procureure prof professeur professeure professor provost
président présidente ranking rector reeve rep representative representatives reps responsible
rev reverend scientist secretary secrétaire sen senator senators sens sergeant sgt shadow
sheriff sir solicitor speaker spokesman spokesperson spokeswoman superintendent supt surgeon
surveyor sénateur sénatrice treasurer trustee under-secretary vice vérificateur vérificatrice
warden whip
"""
_FRENCH_TITLE_LIST = """
ambassadeur ambassadrice architecte associé associée attaché attachée avocat avocate biologiste
bourgmestre bâtonnier bâtonnière capitaine chancelier chancelière chargé chargée chercheur
chercheure chercheuse co-président co-présidente cofondateur cofondatrice conservateur
conservatrice coordinateur coordinatrice coordonnateur coordonnatrice doctorant doctorante doyen
doyenne délégué déléguée eurodéputé eurodéputée fondateur fondatrice gestionnaire infirmier
infirmière ingénieur ingénieure juge pdg pharmacien pharmacienne premier-ministre propriétaire
préfet préfète recteur rectrice responsable sous-ministre sous-préfet sous-préfète sous-secrétaire
titulaire trésorier trésorière vice-doyen vice-doyenne vice-premier vice-première vice-présidence
vice-président vice-présidente vice-recteur vice-rectrice échevin échevine économiste éditeur
éditrice évêque
"""
_GERMAN_TITLE_LIST = """
beauftragte beauftragter bundeskanzler bundeskanzlerin bundesminister bundesministerin
bundespräsident bundespräsidentin bürgermeister bürgermeisterin direktor direktorin
geschäftsführer geschäftsführerin landrat landrätin leiter leiterin minister ministerin
ministerpräsident ministerpräsidentin oberbürgermeister oberbürgermeisterin professorin präsident
präsidentin rektor rektorin sprecher sprecherin staatssekretär staatssekretärin stadträtin
umweltminister umweltministerin vorsitzende vorsitzender vorstandsvorsitzende
vorstandsvorsitzender
"""
_SPANISH_TITLE_LIST = """
alcalde alcaldesa catedrática catedrático congresista consejera consejero delegada delegado
diputada diputado directora embajador embajadora gobernador gobernadora ministra ministro portavoz
presidenta presidente rectora representante secretaria secretario senador senadora subdirector
subdirectora viceministra viceministro vicepresidenta vicepresidente
"""
_QUALIFIER_LIST = """
democratic el former la le l’ national new republican state states the u.s united us
"""
_DOCUMENT_LIST = """
act agreement amendment article bill brief budget document editorial law legislation letter memo
memorandum order petition plan policy poll proposal regulation regulations report resolution rule
rules statement study survey tape treaty website
"""
_SURNAME_TITLE_LIST = """
bishop constable dean elder judge major provost reeve sergeant
"""
_NON_NAME_LIST = """
a according after also although an and april as at au august aux avec because before but by ce
cette contact dans de december des du during elle elles en et february following for friday from
he her hier his how however i if il ils in it its january jeudi july june la le les lundi mais
march mardi may mercredi monday notre nous november october of on or ou our par pour samedi
saturday selon september she since so sunday sur thank thanks that the their these they this
those though thursday to today tuesday un une us vendredi vous we wednesday what when where
while who with yesterday you your said says added adds wrote writes including
"""
_STANDALONE_TITLE_LIST = """
chair chairman chairwoman chancellor commissioner congressman congresswoman councillor directeur
director directrice député députée governor judge maire mairesse mayor minister ministre premier
première president président présidente secretary senator sheriff speaker superintendent
sénateur sénatrice warden préfet préfète recteur rectrice sous-ministre vice-président
vice-présidente ministerin präsident präsidentin bürgermeister bürgermeisterin oberbürgermeister
oberbürgermeisterin alcalde alcaldesa ministra ministro presidenta presidente consejera consejero
"""
_CONNECTOR_LIST = """
& and au aux de des du d’ et for from in l la le les of of’ on the to à
"""
_PARTICLE_LIST = """
al bin da das de del della den der di dos du el ibn la le les mac mc o st ste ten ter van von y
"""

_ORGANIZATION_LIST = """
administration agency alliance assembly association authority board bureau chamber coalition college
commission committee co corp corporation council department federation foundation inc institute llc
ltd ministry office services society subcommittee union university
"""

TITLE_WORDS = frozenset(
    (_TITLE_WORD_LIST + _FRENCH_TITLE_LIST + _GERMAN_TITLE_LIST + _SPANISH_TITLE_LIST).split()
)
"""Words of job titles; a name begins after the last of them."""

TITLE_QUALIFIERS = frozenset(_QUALIFIER_LIST.split())
"""Words that may stand before a job title but are not titles themselves."""

SURNAME_TITLES = frozenset(_SURNAME_TITLE_LIST.split())
"""Title words that are also common surnames; at the end of a name they are the surname."""

DOCUMENT_WORDS = frozenset(_DOCUMENT_LIST.split())
"""Last words of what is quoted but is nobody: a letter, a report, an act."""

_DOCUMENT_SURNAMES = frozenset({"law", "bill", "poll", "rule", "brief", "order"})
"""Those that are also surnames: "Jane Law"."""

NON_NAME_WORDS = frozenset(_NON_NAME_LIST.split())
"""Words with a capital at the start of a sentence that do not begin a name."""

STANDALONE_TITLES = frozenset(_STANDALONE_TITLE_LIST.split())
"""Titles that can stand alone for a person named before: "the minister said"."""

ORGANIZATION_WORDS = frozenset(_ORGANIZATION_LIST.split())
"""Last words of the names of organizations; after a title they are its noun, not a person."""

TITLE_CONNECTORS = frozenset(_CONNECTOR_LIST.split())
"""Lower-case words within a job title."""

NAME_PARTICLES = frozenset(_PARTICLE_LIST.split())
"""Lower-case words within a name."""

_ELIDED_ARTICLE = re.compile(r"\A[lL]['’](?=\w)")
_TITLE_BEFORE_COMMA = re.compile(
    r"(?:\b(?P<article>[Ll]e|[Ll]a|[Ss]on|[Ss]a|[Nn]otre|[Ll]eur|[Uu]ne?|[Ee]l|[Dd]er|[Dd]ie)\s+"
    r"|\b[Ll]['’])(?=(?P<role>[^.;:!?«»“”\"()\n]{3,160}?)"
    r",\s+(?:(?:MM?\.|Mmes?|Me|[Ll]['’]honorable|Dre?|Pre?)\s+)?\Z)"
)
"""A French title before a comma and the name: "la mairesse de Larkspur, Jeanne Roy"."""

_NOT_IN_TITLE_LIST = """
a ont avait avaient est sont était étaient sera seront qui que où dont ne se y aujourd’hui
"""
_NOT_IN_TITLE = frozenset(_NOT_IN_TITLE_LIST.split())
"""Words of a sentence around a title."""

_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_APPOSITION = re.compile(
    r"\s*(?:\([^()\n]{1,30}\))?\s*,\s*(?P<role>(?:[^,.;:()“”\"«»\n]|\.(?=\w)|(?<=\.[A-Z])\.){3,120})"
)
_PREDICATE = re.compile(
    r"\s(?:and (?:ha[sv]e?|[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ])|issued|made|released|announced|today|said|"
    r"wh(?:o|ose|ich)|that|ha[sd]|have|is|was|will|a (?:fait|déclaré|annoncé|publié))\b"
)
_NO_APPOSITION = re.compile(
    r"(?:et|and|just|along|together|alongside|with|today|tonight|yesterday|as well as|"
    r"on behalf of)\s|"
    r"(?:\w+ly\s)?[a-z]+ed\s(?:by|with)\s"
)
"""The beginning of what is no job title of the person named before: another person, as in
"and Mayor Roe" and "joined by Mayor Roe", or the rest of the sentence."""

_PREPOSITIONS = frozenset({"to", "in", "on", "from"})
"""Connectors that, before a name, usually belong to the sentence around it."""

_NOUN_CONNECTORS = frozenset({"of", "for", "de", "des", "du", "d’", "d'"})
"""Words that join a title and its noun: "Minister of Health"."""

_ARTICLES = frozenset({"the", "la", "le", "les", "l’", "l'"})
_MAX_NOUN_WORDS = 4
"""Words of a title's noun, at most: "of the Federal Reserve Board"."""

_HONORIFIC_LIST = """
m mm mme mmes me monsieur madame
"""
_HONORIFICS = frozenset(_HONORIFIC_LIST.split())
"""French words before a name that are less than a title."""

_LONGEST_HONORIFIC = 15
"""Characters between a title with its comma and the name, at most."""

_TITLE_REACH = 180
"""Characters before a name in which a French title and its comma stand."""

_SPELLED_OUT = 5
"""Letters of a word in capitals that is no abbreviation, at least."""

_CAPITAL_INITIALS = re.compile(r"(?:[A-Z]\.){2,}|[A-Z]\.?|\W+")
_LOOK_BACK = 12
"""Words before a name among which its title is looked for."""


def find_job_title(text: str, span: Span, paragraph: int = 0) -> str | None:
    """Return the job title before a name, or after it between commas; None without one.

    Args:
        text: The release's text.
        span: The name.
        paragraph: Where its paragraph begins; a title does not begin above it.
    """
    words = text[max(paragraph, span[0] - 120) : span[0]]
    before = words.split()[-_LOOK_BACK:]
    before = before[headline_capitals(before) :]
    noun = _ends_with_title_noun(words.rpartition("\n")[2].split())
    if before and (is_title_word(before[-1]) or noun) and not ends_sentence(before[-1]):
        start = len(before) - 1
        while start and _can_belong_to_title(before[start - 1]):
            start -= 1
        while start < len(before) - 1 and not _can_begin_title(before[start]):
            start += 1
        if noun and not is_title_word(before[-1]) and _name_stands_first(before[start:]):
            return None
        role = " ".join(_drop_other_holder(before[start:])).lstrip('(“"«')
        if lookup_form(role) not in _HONORIFICS:
            return role
        after = title_in_apposition(text, span[1])
        return after or title_before_comma(text, span[0]) or role
    return title_in_apposition(text, span[1]) or title_before_comma(text, span[0])


def headline_capitals(words: Sequence[str]) -> int:
    """Return how many words belong to a headline in capitals that runs into the text.

    "BILL WOULD PROTECT FARMERS Sen. Jane Doe" has four; "NATO Secretary" and "U.S. EPA
    Administrator" none, since a few short words in capitals are abbreviations.
    """
    end = len(words)
    while end and not _is_in_capitals(words[end - 1]):
        end -= 1
    if end == len(words) and end:  # the title and all before it are in capitals
        return 0
    start = end
    while start and words[start - 1].isupper():
        start -= 1
    run = words[start:end]
    forms = [lookup_form(word) for word in run]
    spelled = any(len(form) >= _SPELLED_OUT for form in forms) or not TITLE_CONNECTORS.isdisjoint(
        forms
    )
    return end if spelled and (len(run) > 1 or forms[0] in TITLE_CONNECTORS) else 0


def _is_in_capitals(word: str) -> bool:
    return word.isupper() and not _CAPITAL_INITIALS.fullmatch(word)


def title_before_comma(text: str, start: int) -> str | None:
    """Return the title that French sets before a name and a comma: "la mairesse, Jeanne Roy".

    Capitals follow a connector there: "le maire de Larkspur" is a title, "le maire rencontre Roy"
    is not.
    """
    words = text[max(0, start - _TITLE_REACH) : start].rpartition("\n")[2]
    if "," not in words[-_LONGEST_HONORIFIC:]:
        return None
    for found in reversed([*_TITLE_BEFORE_COMMA.finditer(words)]):
        role = found["role"].split()
        if is_title_word(role[0]) and role[0].casefold() != "honorable":
            return " ".join(role) if _is_title_phrase(role) else None
    return None


def _is_title_phrase(words: list[str]) -> bool:
    """Whether words are a title with its nouns and nothing of the sentence around them."""
    joined = False
    for word in words:
        if is_capitalized(word):
            if not joined:
                return False
            continue
        if word.strip(",").casefold() in _NOT_IN_TITLE:
            return False
        joined = lookup_form(word) in TITLE_CONNECTORS or "’" in word or "'" in word
    return True


def _name_stands_first(words: list[str]) -> bool:
    """Whether a name stands before the title; in a list of people the title is that name's."""
    first = next((i for i, word in enumerate(words) if is_title_word(word)), 0)
    return first > 1 and all(map(is_capitalized, words[:first]))


def expects_title_noun(words: list[str]) -> bool:
    """Whether words end with a title and a connector, so that its noun follows: "Minister of"."""
    end = len(words)
    while end and lookup_form(words[end - 1]) in _ARTICLES and not is_capitalized(words[end - 1]):
        end -= 1
    if not end or words[end - 1] not in _NOUN_CONNECTORS:
        return False
    for word in reversed(words[: end - 1]):
        if is_title_word(word):
            return not ends_sentence(word)
        if not _can_belong_to_title(word):
            return False
    return False


def _ends_with_title_noun(words: list[str]) -> bool:
    """Whether words end with a title and its noun: "Minister of Health"."""
    end = len(words)
    while end > len(words) - _MAX_NOUN_WORDS and end and is_capitalized(words[end - 1]):
        if ends_sentence(words[end - 1]) or words[end - 1].endswith(","):
            return False
        end -= 1
    return end < len(words) and expects_title_noun(words[:end])


def _can_belong_to_title(word: str) -> bool:
    """Whether a word before the last word of a title can belong to it."""
    if ends_sentence(word) or word.endswith((",", ";", ":", ")", "”", '"', "»", "-", "–", "—")):
        return False
    form = lookup_form(word)
    return (
        form in TITLE_WORDS
        or form in TITLE_CONNECTORS - _PREPOSITIONS
        or (is_capitalized(word) and form not in NON_NAME_WORDS)
    )


def _drop_other_holder(words: list[str]) -> list[str]:
    """Return a title without another person before it, as in "Governor Jane Doe and Premier"."""
    for place in range(len(words) - 2, 1, -1):
        if words[place] not in {"and", "et"}:
            continue
        first, *name = words[max(0, place - 3) : place]
        named = is_title_word(first) and all(
            is_capitalized(word) and not is_title_word(word) for word in name
        )
        if named or (
            is_title_word(words[place + 1]) and not any(map(is_title_word, words[:place]))
        ):
            return words[place + 1 :]
    return words


def _can_begin_title(word: str) -> bool:
    """Whether a title can begin with a word: not a connector, not a headline in capitals."""
    large = word.isupper() and len(word) > 3 and "." not in word  # noqa: PLR2004
    return is_title_word(word) or (is_capitalized(word) and not large)


def title_in_apposition(text: str, end: int) -> str | None:
    """Return the job title after a name that ends at `end`: ", Minister of Health"."""
    match = _APPOSITION.match(text, end)
    if match is None:
        return None
    role = " ".join(_PREDICATE.split(f" {match['role']}", maxsplit=1)[0].split())
    return role if contains_job_title(role) and not _NO_APPOSITION.match(role) else None


def contains_job_title(words: str) -> bool:
    """Whether one of the words belongs to a job title."""
    return any(is_title_word(word) for word in re.split(r"[\s’'-]", words))


def lookup_form(token: str) -> str:
    """Return a word in the form used in the lists."""
    form = token.casefold().rstrip(".").removesuffix("’s").removesuffix("'s")
    return _ELIDED_ARTICLE.sub("", form)


def is_title_word(token: str) -> bool:
    """Whether a word belongs to a job title."""
    return lookup_form(token) in TITLE_WORDS


def is_organization_word(token: str) -> bool:
    """Whether a word ends the name of an organization rather than a person's."""
    return lookup_form(token) in ORGANIZATION_WORDS


def is_document(words: str) -> bool:
    """Whether words name a text rather than a person: "the letter", "the Clean Air Act"."""
    first, *last = [lookup_form(word) for word in words.split()[:1] + words.split()[1:][-1:]]
    if not last or last[0] not in DOCUMENT_WORDS:
        return False
    person = len(words.split()) == 2 and last[0] in _DOCUMENT_SURNAMES  # noqa: PLR2004
    return not person or first in _ARTICLES | {"a", "an"}


def is_capitalized(token: str) -> bool:
    """Whether a word begins with a capital letter."""
    return _CAPITAL.match(token) is not None


def standalone_title(words: str) -> str | None:
    """Return the title in words such as "the minister"; None when they do not end with one."""
    last = words.casefold().split()[-1:]
    return last[0] if last and last[0] in STANDALONE_TITLES else None
