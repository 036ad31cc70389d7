"""What a question is after besides a fact: a contact, an "About" paragraph, a date of issue.

Patterns over the folded text, for English, French and a few forms of German and Spanish.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.text.stopwords import function_words

Section = Literal["contact", "boilerplate"]
"""The kinds of paragraph that a question can ask for."""

_LONGEST_NAME = 6
"""Words of a subject; a longer one is a description."""

_ORGANISATION = (
    r"(?:compan(?:y|ies)|organi[sz]ations?|corporation|firm|foundation|agency|association|"
    r"institut(?:e|ion)|charity|nonprofit|compagnie|entreprise|societe|organisme|organisation|"
    r"agence|fondation|unternehmen|firma|empresa|organizacion)"
)
_ASKING = (
    r"(?:i|we|you|one|(?:the )?(?:media|press|public)|journalists?|reporters?|editors?|residents"
    r"|people|consumers|patients|investors)"
)
"""People who ask for a contact. Others are asked about: "Who can ask for a refund?"."""
_CONTACT = re.compile(
    r"\b(?:media|press|news) (?:contact|inquir|enquir|relations|office)|"
    r"\bcontacts? (?:person|information|info|details|number|address|for)\b|"
    r"^(?:who|what) (?:is|are|s) (?:the|their|its|your)(?: \w+)? contacts?\b|"
    rf"^who(?:m)? (?:to|(?:can|could|do|should|may|must) {_ASKING}) "
    r"(?:contact|call|reach|ask|e-?mail)\b|"
    rf"^how (?:to|(?:can|could|do|does|may|should) {_ASKING}) (?:contact|e-?mail)\b|"
    # What "we" or "to" reach may be a goal.
    r"^how (?:can|could|do|does|may|should) (?:i|(?:the )?(?:media|press)|journalists?|reporters?)"
    r" reach\b|"
    r"^qui (?:contacter|joindre|appeler)\b|^(?:comment|ou) (?:joindre|contacter)\b|"
    r"^(?:qui|comment) (?:puis-je|peut-on|doit-on|faut-il|dois-je) (?:contacter|joindre|appeler)\b|"
    r"\bqui est (?:le|la|l')\W?(?:personne[- ]ressource|contact|attachee? de presse)\b|"
    r"\b(?:service|attachee?|bureau) (?:de )?presse\b.*\b(?:joindre|contact\w*)|"
    r"\b(?:joindre|contacter) (?:le |la |l')(?:service|attachee?|bureau) (?:de )?presse\b|"
    r"\b(?:adresse (?:courriel|e-?mail|electronique)|courriel (?:du|de la|de l'|des))\b|"
    r"\b(?:presse|medien)?(?:kontakt|ansprechpartner\w*)\b|\bpressekontakt\b|\btelefonnummer\b|"
    r"\bcontacto (?:de|para la|con la) prensa\b|\bnumero de telefono\b|"
    r"\b(?:tele)?phone number\b|\be-?mail address\b|\bpersonne[- ]ressource\b|"
    r"\brelations (?:avec les )?medias\b|\bcontacts? (?:medias?|presse)\b|\bnumero de telephone\b"
)
_ABOUT = re.compile(
    rf"^(?:what|who|which) (?:is|are|s) (?:the|this|that|their) (?:\w+ )?{_ORGANISATION}\W*$|"
    rf"^what (?:does|do) (?:the|this|that|their) (?:\w+ )?{_ORGANISATION} do\W*$|"
    rf"\babout (?:the|this|that) {_ORGANISATION}\W*$|"
    rf"^(?:what|which) (?:kind|sort|type) of {_ORGANISATION} (?:is|are)\b|"
    rf"^(?:qu'est[- ]ce que|que fait|quelle? est) (?:l'|la |le |cette |cet |ce )?{_ORGANISATION}"
    r"\W*$|"
    rf"^was (?:ist|macht) (?:die |das )?{_ORGANISATION}\W*$|^que es la {_ORGANISATION}\W*$"
)
_NAMED = re.compile(r"^(?:what|who) (?:is|are|s) |^tell me about |^qu'est[- ]ce que |^qui est ")
_PUBLISHED = re.compile(
    r"\b(?:announc\w*|releas(?:ed?|es|ing)|publish\w*|publications?|issu(?:ed|ing|ance)"
    r"|(?:did|does|do|will|to|date of)\b(?: [^ ]+){0,5}? issue|dated|annonc\w*|publie\w*|diffus\w*"
    r"|publico|publicad[ao]s?|publiziert)\b"
)
"""What a release does on the day of its dateline. "Public" and "the issue" are not verbs of it."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question is after.

    Attributes:
        section: The kind of paragraph it asks for, or None.
        subject: The folded name in "Who is …?" or "What is …?", or None.
        publication: Whether it asks when something was announced or published.
    """

    section: Section | None
    subject: str | None
    publication: bool


def find_intent(folded: str, lang: str) -> Intent:
    """Return what a question is after.

    Args:
        folded: The question without case and accents (`index.text.analyzer.fold`).
        lang: Its language.
    """
    asked = folded.strip(" ¿?!.\"'").replace("’", "'").replace("'s ", " s ")
    section: Section | None = "boilerplate" if _ABOUT.search(asked) else None
    if _CONTACT.search(asked):
        section = "contact"
    return Intent(section, _subject(asked, lang), _PUBLISHED.search(folded) is not None)


def _subject(asked: str, lang: str) -> str | None:
    found = _NAMED.match(asked)
    name = asked[found.end() :].removeprefix("the ") if found else ""
    words = name.split()
    if all(word in function_words(lang) for word in words):
        return None  # "it", "he"
    return name if len(words) <= _LONGEST_NAME else None
