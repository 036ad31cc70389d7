"""French questions that ask for all of something, for what somebody said, or for news. Pure.

"Quels communiqués parlent du charbon depuis 2020 ?", "Qu'a dit Joly sur la Corée ?" and "Quoi de
neuf depuis hier ?". Which command gives it is decided in `qa.find_command`.
"""

import re
from dataclasses import dataclass

from index.text.analyzer import normalize_word
from index.text.stopwords import function_words

_OF = r"(?:de|du|des|d['’])"
_ABOUT = rf"(?:sur|au\s+sujet\s+{_OF}|à\s+propos\s+{_OF}|concernant)"
_THINGS = r"(?:communiqués(?:\s+de\s+presse)?|annonces|articles|passages|déclarations|citations)"
_ALL = re.compile(
    rf"""\W*(?:(?:liste[rz]?|montre[rz]?|donne[rz]?|trouve[rz]?)(?:-moi)?\s+)?
    (?:(?P<count>combien\s+de)|tou(?:s|tes)\s+les|les|quels|quelles)\s+{_THINGS}\s+
    (?:qui\s+)?
    (?:mentionnent|concernent|évoquent|parlent\s+{_OF}|portent\s+sur|traitent\s+{_OF}|{_ABOUT})
    \s*(?P<topic>.+)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SAID = re.compile(
    rf"""\W*(?:
        (?:que|qu['’])\s*(?:a|ont)\s+dit\s+(?P<who1>.+?)
      | (?:que)\s+(?:dit|disent)\s+(?P<who2>.+?)
      | (?:tout\s+ce\s+|qu['’]est-ce\s+)(?:que|qu['’])\s*(?P<who3>.+?)\s+(?:a|ont)\s+dit
    )\s+{_ABOUT}\s*(?P<topic>.+)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_WHEN = (
    r"aujourd['’]hui|hier|(?:la\s+semaine|l['’]année)\s+dernière|(?:le\s+mois|l['’]an)\s+dernier"
    r"|cette\s+(?:semaine|année)|(?:lun|mar|mercre|jeu|vendre|same)di(?:\s+dernier)?"
    r"|dimanche(?:\s+dernier)?|(?:19|20)\d\d(?:-\d\d-\d\d)?"
)
_NEWS = re.compile(
    rf"""\W*(?:quoi\s+de\s+(?:neuf|nouveau)|qu['’]y\s+a-t-il\s+de\s+(?:neuf|nouveau)
      |quelles\s+sont\s+les\s+nouvelles)
    (?:\s+{_ABOUT}\s*(?P<topic>.+?))?
    (?:\s+depuis\s+(?P<when>{_WHEN}))?\W*\Z""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PERIOD = re.compile(rf"\b(?P<word>depuis|avant|après|en)\s+(?P<when>{_WHEN})(?!\w)", re.IGNORECASE)
_ELISION = re.compile(r"\A(?:[ldnscmjt]|qu)['’](?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"“”„«»(),;:!?]+")


@dataclass(frozen=True, slots=True)
class FrenchRequest:
    """What a French question asks for.

    Attributes:
        words: The words of its topic that matter.
        who: Whose words it asks for, or None.
        count: Whether it asks how many there are.
        since: From when, as a filter reads it, or None.
        until: Until when, or None.
        news: Whether it asks for what came in since then.
    """

    words: tuple[str, ...]
    who: str | None = None
    count: bool = False
    since: str | None = None
    until: str | None = None
    news: bool = False


def french_request(question: str) -> FrenchRequest | None:
    """Return what a French question asks for; None if it asks for a fact, or is not French."""
    if news := _NEWS.match(question):
        words = _content(news["topic"] or "")
        if words and not news["when"]:
            return None  # asks for facts
        return FrenchRequest(words, since=_plain(news["when"]), news=True)
    said = _SAID.match(question)
    asked = said or _ALL.match(question)
    if asked is None:
        return None
    topic, since, until = asked["topic"], None, None
    for found in _PERIOD.finditer(topic):
        word, when = found["word"].lower(), _plain(found["when"])
        year = when if when and when.isdigit() else None
        if word == "depuis":
            since = when
        elif year and word == "après":
            since = str(int(year) + 1)
        elif year and word == "avant":
            until = str(int(year) - 1)
        elif year:
            since = until = year
    words = _content(_PERIOD.sub(" ", topic))
    if said is not None:
        who = " ".join((said["who1"] or said["who2"] or said["who3"]).split())
        return FrenchRequest(words, who=who, since=since, until=until)
    count = asked["count"] is not None
    return FrenchRequest(words, count=count, since=since, until=until) if words else None


def _plain(when: str | None) -> str | None:
    return " ".join(when.lower().split()) if when else None


def _content(topic: str) -> tuple[str, ...]:
    """Return the words of a topic that matter, as they were written, without elided articles."""
    stop = function_words("fr")
    words = (_ELISION.sub("", word.strip(".'’-")) for word in _WORD.findall(topic))
    return tuple(
        word for word in words if re.search(r"\w", word) and normalize_word(word, "fr") not in stop
    )
