"""English wording of what is to be minded about an indicator."""

from __future__ import annotations

from data.catalogue.types import Indicator

# By the key of the indicator, in the order of its `caveats`.
ENGLISH: dict[str, tuple[str, ...]] = {
    "arrears_cleared_yuan": ("About 41.5 million yuan is what the campaign cleared, not all fees collected in the city.",),
    "branch_coverage": ("46 branches are not 46 compounds covered: one branch of a grid may cover several.",),
    "one_shoulder_rate": ("One person in both posts within the compound; the community's secretary who is director is another matter.",),
    "community_one_shoulder": ("One person in both posts of the community; in the compound, a branch secretary who heads the committee, is another matter.",),
    "company_branch_coverage": ("37/249 = 14.9% is derived per hundred companies; no such coverage was published.",),
    "disputes_resolved": ("The 4,000-odd that Xuancheng published are disputes settled, unlike the 4,000-odd suggestions of Suzhou; no first day was published.",),
    "property_coverage": ("The 91% that Baishan published implies a total of about 199, at odds with the 195 compounds of the same text; not compared.",),
}  # fmt: skip


def caveats_of(indicator: Indicator, lang: str) -> tuple[str, ...]:
    """What is to be minded about the indicator, in the language of the page."""
    return ENGLISH.get(indicator.key, indicator.caveats) if lang == "en" else indicator.caveats
