"""English names of the ledgers and returns that indicators name as their source."""

from __future__ import annotations

import re

ENGLISH = {
    "三个清单台账": "Ledger of the three lists",
    "专项整治月报": "Monthly return of campaigns",
    "业委会物管会登记表": "Register of owners' and property committees",
    "企业月报": "Monthly return of companies",
    "党组织登记表": "Register of party organisations",
    "县区报表": "County return",
    "小区党建台账": "Ledger of party work in compounds",
    "小区收费月报": "Monthly return of fees",
    "小区物业登记名录": "Register of managed compounds",
    "月度考核表": "Monthly assessment",
    "服务阵地登记表": "Register of service sites",
    "物业企业登记表": "Register of property companies",
    "示范命名文件": "Award decisions",
    "社区党员报到表": "Community return of reporting members",
    "社区报表": "Community return",
    "网格报表": "Grid return",
    "网格登记表": "Register of grids",
    "群众满意度调查": "Residents' satisfaction survey",
    "街道季报": "Quarterly return of streets",
    "议事月报": "Monthly return of deliberations",
    "诉求纠纷台账": "Ledger of requests and disputes",
}
_TITLE = re.compile("《(.+?)》")


def source_name(source: str, lang: str) -> str:
    """`《议事月报》《网格报表》` in the language of the page; what has no English name stays as it is."""
    if lang != "en":
        return source
    named = _TITLE.sub(lambda found: f"{ENGLISH.get(found.group(1), found.group(0))}; ", source)
    return named.removesuffix("; ")
