"""States and provinces of the United States and Canada, and how releases shorten them. Pure."""

import re

_SHORT = """
Alabama: AL Ala. | Alaska: AK | Arizona: AZ Ariz. | Arkansas: AR Ark. | California: CA Calif. |
Colorado: CO Colo. | Connecticut: CT Conn. | Delaware: DE Del. | Florida: FL Fla. |
Georgia: GA Ga. |
Hawaii: HI | Idaho: ID | Illinois: IL Ill. | Indiana: IN Ind. | Iowa: IA | Kansas: KS Kan. Kans. |
Kentucky: KY Ky. | Louisiana: LA La. | Maine: ME | Maryland: MD Md. | Massachusetts: MA Mass. |
Michigan: MI Mich. | Minnesota: MN Minn. | Mississippi: MS Miss. | Missouri: MO Mo. |
Montana: MT Mont. | Nebraska: NE Neb. | Nevada: NV Nev. | New Hampshire: NH N.H. |
New Jersey: NJ N.J. | New Mexico: NM N.M. | New York: NY N.Y. | North Carolina: NC N.C. |
North Dakota: ND N.D. | Ohio: OH | Oklahoma: OK Okla. | Oregon: OR Ore. | Pennsylvania: PA Pa. |
Rhode Island: RI R.I. | South Carolina: SC S.C. | South Dakota: SD S.D. | Tennessee: TN Tenn. |
Texas: TX Tex. | Utah: UT | Vermont: VT Vt. | Virginia: VA Va. | Washington: WA Wash. |
West Virginia: WV W.Va. | Wisconsin: WI Wis. | Wyoming: WY Wyo. | Puerto Rico: PR P.R. |
District of Columbia: DC D.C. | Alberta: AB Alta. | British Columbia: BC B.C. |
Manitoba: MB Man. | New Brunswick: NB N.B. | Newfoundland and Labrador: NL N.L. |
Nova Scotia: NS N.S. | Northwest Territories: NT NWT N.W.T. | Nunavut: NU |
Ontario: ON Ont. | Prince Edward Island: PE PEI P.E.I. | Quebec: QC Que. Québec |
Saskatchewan: SK Sask. | Yukon: YT
"""
REGION_OF: dict[str, str] = {
    form: name.strip()
    for entry in _SHORT.split("|")
    for name, _, forms in [entry.partition(":")]
    for form in (name.strip(), *forms.split())
}
"""The full name of a state or province, by each of its forms."""

REGIONS = frozenset(REGION_OF.values())

_ANY = "|".join(map(re.escape, sorted(REGION_OF, key=len, reverse=True)))
_AFTER_TOWN = re.compile(rf",\s({_ANY})(?![\w’'-])")


def region_after(text: str, end: int) -> str | None:
    """Return the state or province that follows the name of a town: "Truro, N.S."."""
    match = _AFTER_TOWN.match(text, end)
    return REGION_OF[match[1]] if match else None
