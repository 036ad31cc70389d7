"""Finds amounts of money, percentages and counts in a text and normalises them. Pure.

    "between $3 and $5 million"    money, 3,000,000 to 5,000,000, "$"
    "2,5 millions de dollars"      money, 2,500,000, "$"
    "3,4 Md€"                      money, 3,400,000,000, EUR
    "$15.65 an hour"               money, 15.65, "$", per hour
    "more than 15 per cent"        percent, over 15
    "1,200 new jobs"               count, 1,200

Figures are written in digits; besides, "half a million dollars" and "twenty-nine million people"
are read. A count is of something that a plural names; ages, durations and the numbers of bills and
roads are not counts.
Grouping and decimals follow the language only where both readings are possible.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from index.text.dates import MONTHS
from qa.figures.number_words import NUMBER_IN_WORDS, value_in_words
from qa.figures.types import Bound, Figure, Number, Unit

_SIGNS = {
    "us$": "USD", "u.s.$": "USD", "usd$": "USD", "c$": "CAD", "ca$": "CAD", "cad$": "CAD",
    "cdn$": "CAD", "can$": "CAD", "a$": "AUD", "au$": "AUD", "aud$": "AUD", "nz$": "NZD",
    "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "nt$": "TWD",
    "$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₩": "KRW",
}  # fmt: skip
"""Currencies by what stands before an amount. A bare dollar or yen sign is of several countries."""
_CODES = frozenset(
    [
        "USD",
        "CAD",
        "EUR",
        "GBP",
        "AUD",
        "NZD",
        "JPY",
        "CNY",
        "RMB",
        "INR",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "KRW",
        "MXN",
        "BRL",
        "HKD",
        "SGD",
        "ZAR",
    ]
)
_WORDS = {
    "cad": r"(?:canadian|cdn\.?) dollars?|dollars? canadiens?",
    "usd": r"(?:u\.?s\.?|american|us) dollars?|dollars? (?:américains?|us)",
    "aud": r"australian dollars?",
    "gbp": r"pounds? sterling|british pounds?",
    "eur": r"euros?",
    "jpy": r"yen",
    "chf": r"francs? suisses?|schweizer franken|francos suizos",
    "xof": r"francs? cfa|f ?cfa",
    "$": r"dollars?",
    "cents": r"cents?",
}
"""Currencies by what stands behind an amount. A pound may be a weight."""
_SCALES = {
    "hundred": 2, "thousand": 3, "mille": 3, "tausend": 3,
    "million": 6, "millions": 6, "millionen": 6, "millones": 6, "mio": 6, "mn": 6, "m": 6,
    "billion": 9, "billions": 9, "milliard": 9, "milliards": 9, "milliarden": 9, "mrd": 9,
    "md": 9, "mds": 9, "g": 9, "bn": 9, "b": 9, "trillion": 12, "trillions": 12, "tn": 12, "k": 3,
}  # fmt: skip
_LONG_SCALE = {"billion": 12, "billions": 12, "billionen": 12, "trillion": 18, "trillions": 18}
_LONG_SCALE_LANGUAGES = frozenset({"fr", "de", "es"})
_DOT_GROUPS = frozenset({"de", "es", "it", "nl", "pt"})
_SIGN_CHARACTERS = "$€£¥₹₩"
_SIGN = re.compile(
    # A single letter only beside the sign: "A $200 million fund" is not Australian.
    r"(?:(?:(?<![\w.])(?:[CASR]"
    r"|(?:US|U\.S\.|USD|CAD?|CDN|Cdn|CAN|Can|AUD?|NZ|HK|NT|MX)[ \u00a0]?))?\$"
    rf"|[€£¥₹₩]|\b(?:{'|'.join(sorted(_CODES))}))[ \u00a0]?\Z"
)
_LONGEST_SIGN = 7
_SPACED = "(?=[ \u00a0\u202f]?(?:\\$|€|dollars|euros))"
_NUMBER = re.compile(
    r"[0-9](?:[0-9]{0,2}(?:(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|(?:[\u00a0\u202f][0-9]{3})+(?![0-9])(?:,[0-9]{1,2})?"
    r"|(?:\.[0-9]{3}){2,}(?![0-9])(?:,[0-9]{1,2})?"
    rf"|(?:[ ][0-9]{{3}})+(?![0-9])(?:,[0-9]{{1,2}})?{_SPACED})"
    r"|[0-9]*(?:[.,][0-9]+)?)"
)
_NUMBER_FR = re.compile(
    rf"[0-9](?:[0-9]{{0,2}}(?:[ ][0-9]{{3}})+(?![0-9])(?:,[0-9]{{1,2}})?|{_NUMBER.pattern[5:]})"
)
_MOST_DIGITS = 20
_LONG = (
    r"thousand|mille|tausend|millions?|millionen|millones|mio|billions?|billionen|milliards?"
    r"|milliarden|mrd|trillions?"
)
_PERCENT = (
    r"%|(?:per[ -]?cent|pour[ ]cent|prozent|por[ ]ciento)(?:age[ ]points?)?\b"
    r"|percentage[ -]points?\b"
)
_MONEY_WORDS = "|".join(
    f"(?P<{'cents' if name == 'cents' else f'w{place}'}>{words.replace(' ', '[ ]')})"
    for place, (name, words) in enumerate(_WORDS.items())
)
_TAIL = re.compile(
    rf"""
    (?:[ \u00a0\u202f\n-]?(?P<scale>
      (?-i:Mio|Mrd)\.(?=[ \u00a0](?:€|Euro))|(?:{_LONG})\b
      |(?<=\d)(?:[kKMBm]|bn|mn|tn)\b|(?<=[ \u00a0\u202f])(?:bn|mn)\b
      |(?-i:[kKMG]|Mds?|md|mds)(?=[ \u00a0\u202f]?[$€£])))?
    (?:[ \u00a0\u202f]?(?P<percent>{_PERCENT})
      |[ \u00a0\u202f]?(?P<sign2>[€£]|\$(?:[ ]?(?P<code2>US|CA|CAN))?)(?!\d)
      |[ \u00a0\u202f]\(?(?-i:(?P<code>{"|".join(sorted(_CODES))}))\b\)?
      |[ \u00a0\u202f-](?:d[’'e][ ]?)?(?:{_MONEY_WORDS})\b
    )?""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"""(?<!point[ ])\b(?P<number>(?P<half>half[ ]an?|(?:un[ ])?demi)
      |{NUMBER_IN_WORDS.replace(" ", "[ ]").replace("[[ ]-]", "[ -]")})
    (?=[ -](?:[mb]ill|trill|milliard|per[ -]?cent|pour))""",
    re.VERBOSE | re.IGNORECASE,
)
_HALF = re.compile(r"half|(?:un )?demi", re.IGNORECASE)
_CUES_IN_WORDS = ("illi", "cent", "ILLI", "CENT")
_BEFORE = re.compile(
    r"""(?:(?P<over>more\ than|over|in\ excess\ of|exceed(?:s|ed|ing)?|greater\ than|above
          |plus\ de|beyond|upwards?\ of)
      |(?P<at_least>at\ least|(?:a\ |the\ )?minimum\ of|no\ (?:less|fewer)\ than|au\ moins)
      |(?P<up_to>up\ to|as\ much\ as|as\ many\ as|(?:to\ )?(?:a|the)\ maximum\ of|no\ more\ than
          |not\ more\ than|at\ most|jusqu['’]à|au\ plus)
      |(?P<under>less\ than|fewer\ than|under|below|moins\ de)
      |(?P<about>about|approximately|around|roughly|nearly|almost|some|close\ to|an?\ estimated
          |estimated|just\ over|just\ under|environ|près\ de|circa|approx\.))
      (?:[ ](?:an?[ ]|the[ ])?(?:additional|estimated|total(?:[ ]of)?|combined)?)?[ ]?\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_LAST_WORDS = frozenset(
    """
    than over of exceed exceeds exceeded exceeding above beyond least to as most plus under below de
    about approximately around roughly nearly almost some estimated environ circa approx. additional
    total combined a an the jusqu'à jusqu’à moins
    """.split()  # noqa: SIM905
)
"""The last words of what `_BEFORE` matches: most figures have none of them before them."""
_AFTER = re.compile(
    r"[ ](?:and|or)[ ](?:(?P<more>more|above|over|greater|higher)|(?:less|under|below|fewer|lower))"
    r"\b|(?P<plus>\+)",
    re.IGNORECASE,
)
_TIME_UNITS = (
    r"hours?|days?|weeks?|months?|years?|annum|quarters?|heures?|jours?|semaines?|mois|ans?|années?"
)
_EACH = (
    r"person|people|household|family|student|child|worker|employee|resident|capita|share|unit"
    r"|tonne|ton|litre|liter|gallon|barrel|acre|hectare|kilogram|kilometre|mile|bushel|vote|head"
    r"|trip|visit|ride|bed|space|home|farm|business|organization|applicant|project|violation"
    r"|offence|offense|day|vehicle|patient|veteran|taxpayer|cow|pack|bag|ticket|minute"
)
_PER = re.compile(
    rf"""[ ]?(?:
      (?:/[ ]?|[ -](?:an?|each|every)[ -])(?P<unit>{_TIME_UNITS}|{_EACH})\b
      |[ ](?:per|par)[ ](?!cent\b)
        (?P<any>(?:(?:million|thousand|[\d,]+)[ ])?[a-z]+(?:[ ]of[ ]population)?)\b
      |[ ](?:de[ ])?l['’](?P<fr>heure|an)\b
      |[ ](?P<adverb>annually|yearly|hourly|monthly|weekly|daily)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_ADVERBS = {"annually": "year", "yearly": "year", "hourly": "hour", "monthly": "month",
            "weekly": "week", "daily": "day"}  # fmt: skip
_BETWEEN = re.compile(r"(?:between|entre|ranging from)[ ]\Z", re.IGNORECASE)
_FROM = re.compile(r"\b(?:(?<!ranging )from|de|(?P<by>by))[ ]\Z", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:increas|decreas|declin|dropp|r[io]s|f[ae]ll?|gr[eo]w|climb|up|down)\w*[ ]\Z",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"[ ]?(?:(?P<to>-|–|to|à)|(?P<and>and|et))[ ]?|[ ]to[ ](?:as much as[ ])?", re.IGNORECASE
)
_LONGEST_JOINT = 16

_FUNCTION = (
    r"(?:and|or|of|in|to|for|at|on|by|from|with|the|an?|is|are|was|were|has|have|had|will|would|who"
    r"|that|which|per|percent|as|than|his|her|its|this|these|those|being|including|includes|but"
    r"|through|under|over|after|before|between|during|when|where|while|since|not|it|they|we|et"
    r"|ou|de"
    r"|des|du|la|le|les|dans|pour|à|au|en)"
)
_PLURAL = (
    r"(?:people|persons|children|men|women|feet|staff|personnel|police|youth|cattle"
    r"|[\w’'-]{2,}(?:[^\Ws]s|aux))"
)
_NOUN = re.compile(
    rf"(?:[ ]|(?<=\d)-(?=[a-z]))(?:more[ ]|other[ ])?"
    rf"(?P<noun>(?:(?!{_FUNCTION}\b)[\w’'-]+,?[ ]){{0,3}}?(?!{_FUNCTION}\b){_PLURAL})(?![\w’'])",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"(?:(?:{_TIME_UNITS}|minutes?|seconds?|decades?|centur(?:y|ies)|a\.m|p\.m|nights?"
    r"|business[ -]days|working days|consecutive (?:days|weeks|months|years)"
    r"|calendar days|school days|times|lines|(?:centi|milli|kilo)?m[eè]t(?:re|er)s|secondes?"
    r"|siècles?|feet|miles|inches"
    r"|degrees)\b|.*\byears old\b|.*\b(?:weeks|months|years|days)\Z)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:(?<!['’])\b(?:bill|section|sec|highway|hwy|route|grades?|nos|phase|ages?|aged|room"
    r"|suite|article"
    r"|title|chapter|page|figure|day|covid|level|stage|step|part|class|district|h\.? ?r|s|res|line"
    r"|exit|interstate|i|unit|type|tier|zone|ward|no\.|number|room|school district|local|box|fy"
    rf"|public law|form|forms|{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?[ -]?|[#/:]"
    r"|[A-Za-z]-?|\d[-–/:.,])\Z",
    re.IGNORECASE,
)
_OUR = re.compile(r"(?<![^\W_])(?:de|à|pour|dans|sur|avec|par|chez|et) nos \Z")
"""French for "our", which is no "Nos." there."""

_YEAR = re.compile(r"(?:1[89]|20)\d\d\Z")
_CONTEXT = 40
"""Characters before a figure that are looked at."""
_NAME_LENGTH = 16
_LETTERS = frozenset({"m", "k", "b", "g", "md", "mds", "mn", "bn", "tn"})


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number with what stands at it."""

    start: int
    end: int
    number: Decimal
    scale: int
    has_scale: bool
    unit: Unit | None
    currency: str | None
    digits: str

    @property
    def value(self) -> Decimal:
        return self.number.scaleb(self.scale)


def find_amounts(text: str, lang: str | None = None, units: Collection[str] = ()) -> list[Figure]:
    """Return the amounts in a text, in order, without those of other units.

    Args:
        text: Usually a sentence.
        lang: Its language, or None.
        units: The units to look for; empty for all.
    """
    found: list[Figure] = []
    quantities = _quantities(text, lang)
    at = 0
    while at < len(quantities):
        one = quantities[at]
        two = quantities[at + 1] if at + 1 < len(quantities) else None
        figure = _range(text, one, two, units) if two is not None else None
        if figure is not None:
            at += 2
        else:
            figure = _single(text, one, units)
            at += 1
        if figure is None:
            continue
        if found and _is_repeated(text, found[-1], figure):
            continue
        found.append(figure)
    return found


def first_number(text: str, lang: str | None = None) -> Figure | None:
    """Return the first number in digits of a text as a count, whatever it counts; None without one.

    For words that are known to be a number, such as the answer to "how many": "53 are active".

    Args:
        text: The text.
        lang: Its language, or None.
    """
    for quantity in _quantities(text, lang):
        if quantity.unit is None:
            bound = _bound(text[: quantity.start][-_CONTEXT:], text, quantity.end)
            span = (quantity.start, quantity.end)
            return Figure("count", span, _plain(quantity.value), bound=bound)
    return None


def _is_repeated(text: str, one: Figure, two: Figure) -> bool:
    """Whether a figure says the one before it again, in brackets: "eight per cent (8%)"."""
    between = text[one.span[1] : two.span[0]]
    return between.strip() == "(" and (one.unit, one.value) == (two.unit, two.value)


def _quantities(text: str, lang: str | None) -> list[_Quantity]:
    numbers = _NUMBER_FR if lang == "fr" else _NUMBER
    found = [_quantity(text, match, lang) for match in numbers.finditer(text)]
    if any(cue in text for cue in _CUES_IN_WORDS):
        found += [_quantity(text, match, lang) for match in _IN_WORDS.finditer(text)]
        found.sort(key=lambda quantity: quantity.start)
    return found


def _quantity(text: str, match: re.Match[str], lang: str | None) -> _Quantity:
    start, end = match.span()
    before = text[start - 1 : start]
    sign: str | None = None
    if before and (before in _SIGN_CHARACTERS or before in " \u00a0" or before.isalpha()):
        marked = _SIGN.search(text, max(0, start - _LONGEST_SIGN), start)
        if marked is not None:
            sign, start = re.sub(r"[ \u00a0]", "", marked[0]), marked.start()
    tail = _TAIL.match(text, end)
    digits = match[0]
    if tail is None or not tail[0]:
        currency = _currency(sign, None)
        unit: Unit | None = "money" if currency else None
        return _Quantity(
            start,
            end,
            _number(digits, lang),
            scale=0,
            has_scale=False,
            unit=unit,
            currency=currency,
            digits=digits,
        )
    word = (tail["scale"] or "").lower().rstrip(".")
    scale = _SCALES.get(word, 0)
    if lang in _LONG_SCALE_LANGUAGES:
        scale = _LONG_SCALE.get(word, scale)
    number, currency = _number(digits, lang), _currency(sign, tail)
    if tail["cents"]:
        number, currency = number.scaleb(-2), "$"
    unit = "percent" if tail["percent"] else "money" if currency else None
    end = tail.end()
    if word in _LETTERS and unit != "money":
        scale, word, end = 0, "", match.end()  # "5 m" is a length
    return _Quantity(start, end, number, scale, bool(word), unit, currency, digits)


def _number(text: str, lang: str | None) -> Decimal:
    if not text[0].isdigit():
        return Decimal(value_in_words(text)) if _HALF.match(text) is None else Decimal("0.5")
    text = _BLANKS.sub("", text)[:_MOST_DIGITS]
    if "," not in text and "." not in text:
        return Decimal(text)
    if _DOTTED.fullmatch(text) or (lang in _DOT_GROUPS and _DOTTED_ONCE.fullmatch(text)):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _GROUPED.fullmatch(text) and not (lang in _DOT_GROUPS and text.count(",") == 1):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".") if text.count(",") < 2 else text.replace(",", ""))  # noqa: PLR2004


_BLANKS = re.compile(r"[ \u00a0\u202f]")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?")
_DOTTED_ONCE = re.compile(r"[0-9]{1,3}\.[0-9]{3}(?:,[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def _currency(sign: str | None, tail: re.Match[str] | None) -> str | None:
    """Return the currency beside a number; the more precise of two."""
    named: list[str] = []
    if tail is not None:
        if tail["code"]:
            named.append(tail["code"])
        if tail["code2"]:
            named.append("USD" if tail["code2"].upper() == "US" else "CAD")
        named += [name.upper() for place, name in enumerate(_WORDS)
                  if name != "cents" and tail[f"w{place}"]]  # fmt: skip
        if tail["sign2"]:
            named.append(_SIGNS.get(tail["sign2"].lower(), "$"))
    if sign:
        named.append(_SIGNS.get(sign.lower(), sign))
    return next((code for code in named if code not in {"$", "¥"}), named[0] if named else None)


def _range(text: str, one: _Quantity, two: _Quantity, units: Collection[str]) -> Figure | None:  # noqa: PLR0911
    """Return the range that two quantities make, or None."""
    if not 0 < two.start - one.end <= _LONGEST_JOINT:
        return None
    joint = _RANGE.fullmatch(text, one.end, two.start)
    if joint is None:
        return None
    before = text[max(0, one.start - _CONTEXT) : one.start]
    between = _BETWEEN.search(before) is not None
    if joint["and"] and not between:
        return None
    if _CHANGE.search(before) and one.unit and two.unit:
        return None  # "fell 1.8 points to 22.8 per cent"
    change = _FROM.search(before)
    if change is not None and (change["by"] is None or (one.unit and two.unit)):
        return None  # a change, "from 14% to 28%", has two figures
    unit = two.unit or one.unit
    if (one.unit and two.unit and one.unit != two.unit) or (not joint["and"] and two.number == 0):
        return None
    if unit is None and (_YEAR.match(one.digits) or _NUMBERED.search(before[-_NAME_LENGTH:])):
        return None
    if not one.has_scale and two.has_scale and one.number < two.number:
        one = replace(one, scale=two.scale)
    if one.value >= two.value:
        return None
    currency = one.currency if one.currency not in {None, "$"} else two.currency or one.currency
    whole = _Quantity(one.start, two.end, one.number, one.scale, two.has_scale, unit, currency, "")
    figure = _single(text, whole, units)
    return None if figure is None else replace(figure, high=_plain(two.value))


def _single(text: str, quantity: _Quantity, units: Collection[str]) -> Figure | None:
    if units and (quantity.unit or "count") not in units:
        return None
    before = text[max(0, quantity.start - _CONTEXT) : quantity.start]
    end, unit = quantity.end, quantity.unit
    if unit is None:
        if not _is_count(text, quantity, before):
            return None
        unit = "count"
    elif (
        quantity.digits.startswith("00")
        or before[-1:].isalnum()
        or (before[-1:] == "." and before[-2:-1].isdigit())
    ):
        return None  # part of a code
    per = _PER.match(text, end)
    name: str | None = None
    if per is not None:
        name = per["unit"] or per["any"] or per["fr"] or _ADVERBS[per["adverb"].lower()]
        end = per.end()
    bound = _bound(before, text, end)
    return Figure(
        unit,
        (quantity.start, end),
        _plain(quantity.value),
        bound=bound,
        currency=quantity.currency if unit == "money" else None,
        per=name.lower() if name else None,
    )


def _bound(before: str, text: str, end: int) -> Bound:
    last = before.rstrip().rpartition(" ")[2].lower()
    found = _BEFORE.search(before) if last in _LAST_WORDS else None
    if found is not None and found.lastgroup is not None:
        return found.lastgroup.replace("_", " ")  # type: ignore[return-value]
    after = _AFTER.match(text, end)
    if after is None:
        return "exact"
    return "at least" if after["more"] or after["plus"] else "up to"


def _is_count(text: str, quantity: _Quantity, before: str) -> bool:
    return (
        text[quantity.end : quantity.end + 1] in _BEFORE_NOUN
        and count_noun(text, quantity.end) is not None
        and not (_YEAR.match(quantity.digits) and not quantity.has_scale)
        and (
            _OUR.search(before) is not None
            or _NUMBERED.search(before, max(0, len(before) - _NAME_LENGTH)) is None
        )
    )


_BEFORE_NOUN = (" ", "-")


def count_noun(text: str, end: int) -> str | None:
    """Return the plural that names what a number counts, with what stands between, or None."""
    found = _NOUN.match(text, end)
    if found is None or _TIME.match(found["noun"]) or found["noun"].split()[0].lower() in MONTHS:
        return None
    return found["noun"]


def _plain(value: Decimal) -> Number:
    whole = value.to_integral_value()
    return int(whole) if whole == value else float(value)
