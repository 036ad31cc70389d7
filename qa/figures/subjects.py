"""Who and for what a figure is, in the words of its sentence. Pure, for English and some French.

    "Today the province announced that it will invest $2 million in rural roads."
    "HUD has awarded a $6.3 million grant to the Fay Biccard Glick Center on the northwest side."
    who: HUD    what: the Fay Biccard Glick Center on the northwest side

This is no parser. A few plain forms are recognised around the figure; what has none of them stays
without a subject, and so does a pronoun, since the sentence does not say who is meant.
"""

import re

from index.structure.headline.line_types import opening_dateline_end
from index.text.sentences import last_sentence_start
from qa.figures.amounts import count_noun
from qa.figures.types import Figure, Subject
from qa.figures.verbs import ADVERB, BARE, VERB

_MEASURE = re.compile(
    r"(?<![\w’'-])(?P<aux>(?:(?:will|would|has|have|had|can|could|may|should|must) )?"
    rf"(?:{ADVERB} )?(?:(?:is|are|was|were|be|been) (?:{ADVERB} )?(?:now )?"
    r"(?:forecast(?:ed)?|expected|projected|estimated|anticipated|set)(?: to)? )?)"
    r"(?:(?P<verb>be|been|is|are|was|were|totals?|totall?ed|costs?|amounts? to|amounted to"
    r"|reached|reach"
    r"|stands? at|stood at|exceeds?|exceeded|averages?|averaged|equals?|remains?|remained"
    r"|represents?|represented|accounts? for|accounted for|is worth|are worth|is valued at"
    r"|comprises?|makes? up|capped at|limited to|(?:is|was|are|were) estimated at|generates?)"
    r"|(?P<change>rose|rises?|fell|falls?|grew|grows?|climbed|dropped?|drops?|declined?|jumped"
    r"|soared"
    r"|surged|contract(?:s|ed)?|shr[iau]nk|slowed|up|down|(?:increas|decreas)(?:e|es|ed))(?: by"
    r"| to| from)?)"
    r"(?: at| by| only| now| just| currently| another| a total of| an average of| an increase of"
    r"| a decrease of| a decline of| an investment of| an additional)*\Z"
)
_COMMITMENT = re.compile(
    rf"(?<![\w’'-])(?P<words>(?:will|shall|is going to|are going to|plans? to|intends? to|aims? to"
    rf"|(?:is|are) (?:set|expected|scheduled|slated|planned|anticipated|projected) to"
    rf"|(?:has |have |is |are )?commit(?:s|ted)? to|pledge[sd]? to|promise[sd]? to|propose[sd]? to"
    rf"|expects? to|va|vont|s['’]engagent? à|prévoi(?:t|ent)|compte(?:nt)?)"
    rf"(?: {ADVERB}){{0,2}} (?:(?:be|have|see) )?(?:{ADVERB} )?(?!an?\b|the\b)[a-zà-ÿ]+)"
)
_STOP_LEFT = frozenset(
    """
    that which who whom whose when where while as because if but than though although since until
    announced announces said says noted added confirmed today yesterday is are was were be been has
    have had will would can could may might should must do does did not to by with from into on at
    before after through including include under over during within without about against per or so
    it he she we they i you there this what how why also then
    """.split()  # noqa: SIM905
)
_JOINS = frozenset("of and for the de du des la le les in on & to'".split())  # noqa: SIM905
_PRONOUNS = frozenset(
    """
    it he she we they i you who which that this these those there what il elle nous ils on one all
    each both some many most others another such and but or
    """.split()  # noqa: SIM905
)
_ALWAYS_ALONE = frozenset(
    """
    it he she we they i you who which there what il elle nous ils on
    """.split()  # noqa: SIM905
)
_STARTS = re.compile(
    r"(?:[A-Z0-9“\"'#À-Þ]|(?:the|an?|our|its|their|his|her|my|local|federal|state|eligible"
    r"|provincial"
    r"|le|la|les|l['’]|this|these|those|new|all|each|every|some|most|both)\b)"
)
_MOST_WORDS = 12
_CLAUSE_END = re.compile(
    r"[;:()—–“”\"\[\]\n]|,(?!\d)|(?<!\b[A-Z])(?<!\bSt)(?<!\bInc)(?<!\bMt)(?<!\bDr)(?<!\bRep)"
    r"(?<!\bSen)(?<!\bGov)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bNo)\.(?=\s|\Z)"
    r"|\s-+\s"
    r"|[ ](?:that|which|who|whose|where|when|while|because|so|but|if|until|as|through|under"
    r"|over the"
    r"|during|following|thanks|according|today|annually|by|before|this|next|last|using|starting"
    r"|beginning|totall?ing|provided|announced|secured|will|would|has|have|had|is|are|was|were|can"
    r"|live|lives|say|says|said|believe|support an?|lack|may|since|from|including|with|bringing"
    r"|making|after|compared|without|instead|depending"
    r"|(?:and|or)(?=[ ](?:an?[ ]additional[ ]|another[ ]|up[ ]to[ ]|more[ ]than[ ])?[$€£\d])"
    r"|and[ ](?:will|has|is|an[ ]additional|is|are|was)|(?:in|by|for|on)[ ](?:(?:FY|fiscal)\b"
    r"|\d{4}\b)"
    r"|over[ ](?:\w+[ ])?(?:years?|\d)"
    r"|in[ ](?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b)(?![\w’'-])"
)
_FUNDS = re.compile(
    r"(?:fund(?:ing|s)?|support|grants?|assistance|aid|investments?|financing|relief|money|loans?"
    r"|contracts?|contributions?|awards?|donations?|gifts?|payments?|dollars|capital|spending"
    r"|prizes?"
    r"|resources|financial support|appropriations?|reimbursements?|subsid(?:y|ies)|incentives?"
    r"|allocation|earmarks?|credits?|rebates?|budget|bonds?|envelope|package|monies|commitment)\Z",
    re.IGNORECASE,
)
"""Nouns that say that the figure is money, and not what it is for."""
_NP = r"(?:(?!(?:{stop})\b)(?=[\w#&’'])[\w’'&./#%-]+(?: |\Z)?){{1,6}}".format(
    stop="for|to|toward|towards|in|into|on|from|of|by|and|or|that|which|who|will|would|has|have|had"
    "|is|are|was|were|over|through|per|at|with|as|each|when|where|if|but|than|annually|under|during"
    "|made|forecast|she|he|they|we|it|I|you|due|includes?|comes?|came|already|being|goes|went"
    "|allows?|helps?|makes?|spent|invested|allocated"
    "|awarded|provided|announced|given|raised|earmarked|dedicated|devoted|designated|secured"
    "|approved|available|live|say|support an?|before|after|since|until|while|because|including"
    "|between|today|can|could|may|should|goes|go"
)
_AFTER = re.compile(
    rf"\s?(?:\([^()]{{1,30}}\)\s?)?(?:(?:or|and) (?:more|less|above|over|greater|higher)\b)?\+?\s?"
    rf"(?:(?:(?:in|of)\s(?P<in>{_NP}))|(?P<noun>{_NP}))?"
    r"(?P<rest>.*)\Z",
    re.DOTALL,
)
_GOES = re.compile(
    rf"\s?(?:(?:which|that|and)\s)?(?:(?:will|would|has|have|is|are|was|were"
    rf"|to)\s(?:{ADVERB}\s)?(?:be\s|been\s|being\s)?"
    rf"(?:{ADVERB}\s)?)?(?:[a-z]+ed|given|spent|set aside|going|go|goes|made available"
    rf"|available)?\s?"
    r"(?:\([^()]{1,60}\)\s)?(?:(?:under|through|from|via|over|with"
    r"|in partnership)\s[^,;.:()]{2,70}?"
    r"\s(?:\([^()]{1,20}\)\s)?)?"
    r"(?:(?:today|annually|each year|per year|this (?:year|spring|summer|fall|week))\s)?"
    r"(?:directly\s|solely\s|specifically\s)?(?P<by>to help|to|for|toward|towards|into|on|in"
    r"|pour|à|aux?)\s(?P<rest>.*)\Z",
    re.DOTALL | re.IGNORECASE,
)
_GIVER = re.compile(
    rf"\s(?:in\s{_NP})?from\s(?P<who>(?:the\s)?[A-Z][\w.&’'-]*(?:\s(?:of\s|and\s|the\s"
    rf"|for\s)*[A-Z][\w.&’'-]*)*)"
)
_LABEL = re.compile(
    r"\A\W*(?P<label>[^$€£]{2,160}?)\s*(?::|\s[-–—]|,?\s…|\.{3,})\s*(?:\w+ ){0,3}\Z"
)
_OF = re.compile(
    r"(?:\A|[\s(])(?P<noun>(?:(?:an?|the|its|their|our"
    r"|this)\s(?:[\w’'-]+\s){0,2}?)?[\w’'-]+)\s(?:of|de|d['’])\s"
    r"(?:(?:up to|more than|over|about|approximately|nearly|almost|at least|just|some|around"
    r"|roughly|less than)\s)?\Z"
)
_EMPTY = frozenset(
    """
    total maximum minimum sum amount average rest majority portion half most value excess range
    one remainder all more each out because result upwards less higher lower additional event even
    respectively
    """.split()  # noqa: SIM905
)
_TIMES = re.compile(
    r"(?:\d{4}|FY ?\d+|fiscal.*|the (?:next|last|past|first|second|coming) .*"
    r"|(?:the )?\d+ (?:years|months)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b.*"
    r"|(?:the |this )?(?:year|month|week|spring|summer|fall|winter)\b.*|the end.*|(?:two|three"
    r"|four|five) years.*"
    r"|more information.*|details.*|total|addition\b.*|all|partnership\b.*)\Z"
)


def subject_of(sentence: str, figure: Figure) -> Subject:
    """Return who and for what a figure is, as far as its sentence says so.

    Args:
        sentence: The sentence.
        figure: A figure of it.
    """
    start, end = figure.span
    begin = _begin(sentence, start)
    who, what, verb = _clause(sentence, begin, figure)
    if figure.unit == "date":
        what = _cut(sentence[verb:start].strip(" ,")) if verb is not None else None
        if verb is None and not sentence[begin:start].strip(' -–—•"“'):
            who, what = _behind_date(sentence[end:])
    elif figure.unit == "count":
        what = count_noun(sentence, end)
    elif what is None or (figure.unit == "percent" and sentence.startswith(" of ", end)):
        what = _purpose(sentence, begin, start, end) or what
        if who is None and figure.unit == "money":
            given = _GIVER.match(sentence, end)
            who = given["who"] if given is not None else None
    return Subject(_tidy(who), _tidy(what), _commitment(sentence, begin, figure))


def _behind_date(after: str) -> tuple[str | None, str | None]:
    """Return who does what by a date that begins its sentence: "By 2030, Ontario will …"."""
    found = _COMMITMENT.search(after)
    if found is None or not after.startswith(","):
        return None, None
    done = after[found.end("words") - len(found["words"].split()[-1]) :]
    return _subject(after[1 : found.start()]), _cut(done)


def _begin(sentence: str, start: int) -> int:
    """Return where the clause of a figure can begin: behind a dateline, a sentence, a semicolon."""
    begin = opening_dateline_end(sentence) if sentence[:1].isupper() else 0
    begin = last_sentence_start(sentence, begin if begin < start else 0, start)
    semicolon = sentence.rfind(";", begin, start)
    return semicolon + 1 if semicolon >= 0 else begin


def _clause(sentence: str, begin: int, figure: Figure) -> tuple[str | None, str | None, int | None]:
    """Return who does something with a figure, what it measures, and where the verb stands.

    The subject of a verb that measures, such as "cost", is what is measured.
    """
    before = sentence[begin : figure.span[0]]
    short = _BOUND_WORDS.sub("", before).rstrip()
    measure = _MEASURE.search(short)
    if measure is not None and figure.unit != "date":
        return None, _subject(short[: measure.start()], measured=True), None
    for verb in reversed(list(VERB.finditer(before))):
        word = verb["verb"]
        between = before[verb.end() :]
        if _BREAK.search(between):
            break
        if (word.endswith("ing") and not verb["aux"]) or _AUXILIARY.match(between):
            continue  # "the new fines will", a noun
        subject = _subject(_ITSELF.sub("", before[: verb.start()]))
        changed = _CHANGED.fullmatch(between) if word[:5] in _CHANGES else None
        what = changed["what"] if changed is not None else None
        if subject and not verb["aux"] and word in BARE and not _PLURAL.search(subject):
            continue  # "a new limit", a noun
        if subject is None and not verb["aux"] and what is None:
            continue
        at = begin + verb.start("verb")
        far = len(between.split()) > _MOST_BETWEEN[figure.unit]
        return (None if far else subject), what, at
    return None, None, None


_AUXILIARY = re.compile(
    r"\s(?:will|would|shall|can|could|may|might|must|is|are|was|were|has|have|had)\b"
)
_PLURAL = re.compile(r"(?:s|people|men|women|children|police|\band [\w’'-]+)\Z")
_ITSELF = re.compile(
    r" (?:has )?(?:announced|confirmed|said)(?: today)?,?(?: today)?(?: that)? (?:it|they|he"
    r"|she) \Z"
)
"""What comes between a subject and its verb in "the province said it will"."""
_BREAK = re.compile(r"[;:“”\"]|\b(?:who|which|that|where|while|because)\b|\. ")
_MOST_BETWEEN = {"money": 14, "percent": 8, "count": 4, "date": 40}
"""Words between a verb and a figure from which the figure is taken to belong to something else."""
_CHANGES = frozenset({"incre", "reduc", "cut", "lower", "raise", "boost", "expan", "lift", "cap"})
_CHANGED = re.compile(
    r" (?P<what>(?!by\b)[^,;]{3,80}?) (?:by|to|at) (?:[a-z]+ ){0,3}", re.IGNORECASE
)
_BOUND_WORDS = re.compile(
    r"(?:\b(?:more than|over|about|approximately|nearly|almost|up to|at least|estimated"
    r"|around|roughly|just|under|less than|fewer than|as much as|as many as|only|an?|the|some"
    r"|between"
    r"|from|another|additional|now|currently|upwards? of|well|close to)\s*)+\Z"
)


def _subject(before: str, *, measured: bool = False) -> str | None:  # noqa: C901, PLR0912
    """Return the noun phrase that ends a text, if it is a plain one."""
    text = _PARENTHESIS.sub("", before).rstrip()
    while (shorter := _LAST_ADVERB.sub("", text)) != text:
        comma = text.endswith(",")
        text = shorter
        if comma and (apposition := _APPOSITION.search(text)) is not None:
            text = text[: apposition.start()]
    words: list[str] = []
    listed = False
    for word in reversed(text.split()):
        bare = word.strip("“”\"'’").lower()
        if word.endswith((",", ";", ":", "—", "–", ".”")) or word in {"-", "–", "—", "•"}:
            listed = word.endswith(",")
            break
        if bare in _INSIDE and words:
            words.append(word)
            continue
        if bare in _STOP_LEFT or len(words) >= _MOST_WORDS or _NOT_IN_SUBJECT.search(bare):
            break
        if bare == "and" and words and _DETERMINER.match(words[-1]):
            break
        if word.endswith(".") and words and words[-1][:1].isupper() and len(bare) > _ABBREVIATED:
            break
        words.append(word)
    words.reverse()
    while words and words[0].lower() in {"and", "but"}:
        words.pop(0)
    if words and words[0].lower() in _LEADS_IN:
        return None  # "In 2020 Ontario"
    if not words:
        return None
    alone = len(words) == 1 or words[0].lower() in _ALWAYS_ALONE
    if (alone and words[0].lower() in _PRONOUNS) or words[0].lower() in _JOINS - {
        "the",
        "la",
        "le",
        "les",
    }:
        return None
    if words[-1].lower() in _JOINS or (
        listed and "and" in words and not _STARTS_WITH_THE.match(words[0])
    ):
        return None
    phrase = " ".join(words)
    # What acts has an article or a capital; what is measured, such as "gas prices", need not.
    return phrase if measured or _STARTS.match(phrase) else None


_LEADS_IN = frozenset(
    """
    in on at with from under throughout across within to by due thanks
    """.split()  # noqa: SIM905
)
_INSIDE = frozenset(
    """
    in on at with from under throughout across within to by
    """.split()  # noqa: SIM905
)
"""Prepositions inside a subject: "communities across the province"."""
_NOT_IN_SUBJECT = re.compile(r"n['’]t\Z|\A(?:million|billion|trillion|per|cent|percent)\Z|[$€£%]")
_STARTS_WITH_THE = re.compile(r"(?:the|an?|our|its|their)\Z", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*\([^()]{1,60}\)")
_LAST_ADVERB = re.compile(rf"(?:,? {ADVERB},?|,)\Z")
_APPOSITION = re.compile(r",[\"”]? [^,]{3,90}\Z")
_DETERMINER = re.compile(r"(?:the|an?|its|our|this|he|she|it)\Z")
_ABBREVIATED = 4


def _purpose(sentence: str, begin: int, start: int, end: int) -> str | None:
    """Return what a figure is for: from the words behind it, else a label before it."""
    after = sentence[end:]
    if (label := _label_in_list(sentence, begin, start, end)) is not None:
        return label
    found = _from_behind(after)
    if found is not None and _FUNDS.search(found) is None:
        return found
    before = sentence[begin:start]
    if before.endswith("("):
        return _subject(before[:-1])
    before_colon = _LABEL.match(before)
    if before_colon is not None and not re.search(r"[.!?]\s", before_colon["label"]):
        return before_colon["label"]
    of = _OF.search(before)
    if of is not None and of["noun"].split()[-1].lower() not in _EMPTY:
        return of["noun"]
    return found


def _label_in_list(sentence: str, begin: int, start: int, end: int) -> str | None:
    """Return the label before an amount in a list of them: "Roads: $5 million Schools: $2 million".

    What stands behind the amount is the label of the next one.
    """
    if _AFTER_LABELLED.match(sentence, end) is None:
        return None
    if len(_LABELLED_AMOUNT.findall(sentence)) < 2:  # noqa: PLR2004 - no list
        return None
    for amount in _WHOLE_AMOUNT.finditer(sentence, begin, start):
        begin = amount.end()
    label = _LABEL_IN_LIST.search(sentence[begin:start])
    return label["label"] if label is not None else None


_LABELLED_AMOUNT = re.compile(r"(?::|\s[-–—])\s*[$€£]\d")
_WHOLE_AMOUNT = re.compile(r"[$€£]\d[\d.,]*(?<=\d)(?:[ -](?:thousand|million|billion|trillion)\b)?")
_LABEL_IN_LIST = re.compile(r"(?P<label>[^$€£;:]{2,160}?)\s*(?::|\s[-–—])\s*\Z")
_AFTER_LABELLED = re.compile(r"\s*(?:\Z|[;,.•*]|[A-ZÀ-Þ])")


def _from_behind(after: str) -> str | None:  # noqa: PLR0911
    label = re.match(r"\s?[-–—:]\s(?P<rest>[A-Z].*)", after, re.DOTALL)
    if label is not None:
        return _cut(label["rest"])
    parts = _AFTER.match(after)
    if parts is None:
        return None
    noun = (parts["in"] or parts["noun"] or "").strip(" .")
    if (parts["noun"] and not re.match(r"[\s-]", after)) or noun.lower() in _EMPTY:
        noun = ""
    rest = parts["rest"]
    money = not noun or _FUNDS.search(noun) is not None or _TIMES.match(noun) is not None
    goes = _GOES.match(f" {rest}" if not rest.startswith(" ") else rest)
    if goes is not None and money:
        found = _cut(goes["rest"])
        if found is not None and _TIMES.match(found) is not None:
            later = _LATER.match(goes["rest"])
            found = _cut(later["rest"]) if later is not None else None
        if found is not None and _TIMES.match(found) is None and not _AMOUNT.search(found):
            return found
    via = _VIA.match(after)
    if via is not None:
        return _cut(via["rest"])
    if _TIMES.match(noun):
        return None
    if noun:
        whole = _cut(after.lstrip(" -").removeprefix("in ").removeprefix("of "))
        return whole or noun
    return None


_AMOUNT = re.compile(
    r"\A(?:(?:more than|over|about|nearly|almost|up to|an?) )?"
    r"(?:[$€£]|[\d.,]+ ?(?:%|per ?cent|million|billion|\Z))|\bof [$€£]"
)
_LATER = re.compile(r"[^,;.]{0,40}?\s(?:for|to|towards?)\s(?P<rest>.*)", re.DOTALL)
_VIA = re.compile(r"\s(?:through|under)\s(?P<rest>(?:the\s)?[A-Z].*)", re.DOTALL)


_ADJECTIVES = 2
"""Words before a comma that may be adjectives: "safe, quiet roads"."""
_NEW_CLAUSE = re.compile(
    r" (?:we|he|she|they|it|I|and|or|the|an?|which|who|including|to|for|up|down) "
)


def _cut(text: str) -> str | None:
    """Return the beginning of a text up to where a phrase ends, at most so many words."""
    text = text.strip()
    for end in _CLAUSE_END.finditer(text):
        joins = end[0] == "," and end.start() and not _NEW_CLAUSE.match(text, end.end())
        if not joins or len(text[: end.start()].split()) > _ADJECTIVES:
            text = text[: end.start()]
            break
    words = text.split(" ")
    if len(words) > _MOST_WORDS + 4:
        words = words[: _MOST_WORDS + 4]
    while words and words[-1].lower() in {
        "and",
        "or",
        "of",
        "the",
        "a",
        "an",
        "to",
        "for",
        "in",
        "on",
        "at",
    }:
        words.pop()
    return " ".join(words) or None


def _commitment(sentence: str, begin: int, figure: Figure) -> str | None:
    """Return the words that announce a figure: the last before it, else close behind it."""
    start, end = figure.span
    last = None
    for match in _COMMITMENT.finditer(sentence, begin, start):
        last = match
    if last is None:
        near = _COMMITMENT.search(sentence, end, min(len(sentence), end + _NEAR))
        if near is None or _STOPS.search(sentence[end + (figure.unit == "date") : near.start()]):
            return None
        last = near
    return " ".join(last["words"].split())


_NEAR = 90
_STOPS = re.compile(r"[,;:.]\s")


def _tidy(words: str | None) -> str | None:
    text = " ".join((words or "").split()).strip(' ,;:-–—“”"•*.')
    return text or None
