"""Which dollars a release means: those of its text, or of its issuer's country. Pure.

A bare "$" of a Canadian ministry is Canadian, and one of a U.S. senator is of the United States.
Where neither the issuer nor the text says the country, or they say several, the sign stays a sign.
"""

import re
from collections.abc import Iterable

_STATES = (
    r"Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawai.?i"
    r"|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    r"|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)"
    r"|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee"
    r"|Texas|Utah|Vermont|Virginia|Wisconsin|Wyoming"
)
_PROVINCES = (
    r"Alberta|British Columbia|B\.C\.|Manitoba|New Brunswick|Newfoundland|Labrador|Nova Scotia"
    r"|Northwest Territories|Nunavut|Ontario|Prince Edward Island|Qu[eé]bec|Saskatchewan|Yukon"
    r"|Colombie-Britannique|Nouveau-Brunswick|Nouvelle-[EÉ]cosse|Terre-Neuve"
    r"|[IÎ]le-du-Prince-[EÉ]douard"
)
_PARTY = re.compile(
    r"\((?:D|R|I|Dem|Rep)\.?[-–, ]{1,2}(?:[A-Z]{2}(?:[-–]\d{1,2}|[-–]At[- ]Large)?"
    r"|[A-Z][a-z]{2,4}\.?"
    rf"|{_STATES})\)|\((?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]"
    rf"|O[HKR]|PA"
    r"|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])-\d{1,2}\)"
)
"""The party and state, or the district, of a member of the Congress of the United States."""

_ISSUERS = {
    "USD": re.compile(
        r"\bU\.?S\.?A?\b|\bUnited States\b|\bCongress(?:man|woman|member)\b"
        rf"|\b(?:State|Senator|Governor|Attorney General|Department|City|University) (?:of|for"
        rf"|from) (?:{_STATES})\b"
        rf"|\b(?:{_STATES}) (?:Department|Governor|Senator|Attorney General|State)\b"
    ),
    "CAD": re.compile(rf"\bCanad|\b(?:{_PROVINCES})(?!\w)"),
    "AUD": re.compile(r"\bAustralia"),
    "NZD": re.compile(r"\bNew Zealand\b"),
}
_ADDRESSES = {
    "USD": re.compile(r"\A(?:https?://)?[^/]*\.(?:gov|mil)(?::\d+)?(?:/|\Z)", re.IGNORECASE),
    "CAD": re.compile(r"\A(?:https?://)?[^/]*\.ca(?::\d+)?(?:/|\Z)", re.IGNORECASE),
    "AUD": re.compile(r"\A(?:https?://)?[^/]*\.(?:gov|com|org)\.au(?:/|\Z)", re.IGNORECASE),
    "NZD": re.compile(r"\A(?:https?://)?[^/]*\.(?:govt|co|org)\.nz(?:/|\Z)", re.IGNORECASE),
}
_TEXTS = {
    "USD": re.compile(
        r"(?:(?:amounts?|figures|dollars)[^.]{0,40}|expressed |stated )in (?:U\.?S\.?"
        r"|United States)(?:\$| dollars)"
    ),
    "CAD": re.compile(
        r"(?:(?:amounts?|figures|dollars)[^.]{0,40}|expressed |stated )in Canadian (?:dollars"
        r"|funds)"
    ),
}


def dollars_of(issuer: str | None, url: str | None, texts: Iterable[str]) -> str | None:
    """Return the code of the dollars that a release means, or None if that is not certain.

    What the text says of its amounts comes first, then the issuer, the address where it was
    published, and members of Congress that the text names by party and state.

    Args:
        issuer: Who published the release, or None.
        url: Where it was published, or None.
        texts: The headline and the text.
    """
    words = "\n".join(texts)
    said = {code for code, pattern in _TEXTS.items() if pattern.search(words)}
    if said:
        return said.pop() if len(said) == 1 else None
    found = {
        code
        for patterns, where in ((_ISSUERS, issuer), (_ADDRESSES, url))
        for code, pattern in patterns.items()
        if where and pattern.search(where)
    }
    if not found and _PARTY.search(words):
        found = {"USD"}
    return found.pop() if len(found) == 1 else None
