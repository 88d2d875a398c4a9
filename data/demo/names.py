"""Names nobody bears: poetic syllables for compounds, numbered model companies, credit codes of no authority."""

from __future__ import annotations

import numpy as np

from data.importing.checks import USCC_ALPHABET, USCC_WEIGHTS

FIRST = "听望映揽栖沐拾迎枕倚闻漱"
SECOND = "禾岚汀萤苇澜霁霭樨榆蓼鹭"
PLACE = ("里", "坊", "苑", "庭", "园", "湾", "居", "轩")
STEMS = "甲乙丙丁戊己庚辛"
COMPANY_STEMS = (
    "青禾", "云麓", "晴川", "知春", "安澜", "拾光", "和畅", "朗润", "景行", "嘉木", "素园", "远岫",
    "明堂", "同尘", "澄怀", "听泉", "疏桐", "汀兰", "星垂", "惠风", "清和", "有邻", "若水", "栖云",
    "向晚",
)  # fmt: skip
# A class of unit and an area code no authority issues, so that no code can belong to a real company.
USCC_STEM = "91000000DEMA"


def compound_names(generator: np.random.Generator, count: int) -> list[str]:
    """`count` different names such as 听禾里·甲; the stem after the dot marks them as made up."""
    stems = [f"{a}{b}{c}" for a in FIRST for b in SECOND for c in PLACE]
    chosen = generator.permutation(len(stems))[:count]
    marks = generator.integers(0, len(STEMS), count)
    return [f"{stems[i]}·{STEMS[m]}" for i, m in zip(chosen, marks, strict=True)]


def company_names(count: int) -> list[str]:
    """`count` different names such as 青禾示范物业07."""
    return [f"{COMPANY_STEMS[i % len(COMPANY_STEMS)]}示范物业{i // len(COMPANY_STEMS) + 1:02d}" for i in range(count)]


def credit_code(number: int) -> str:
    """An 18-character code with a right check character (GB 32100-2015) and a body no authority issues."""
    body = f"{USCC_STEM}{number:05d}"
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, USCC_WEIGHTS, strict=True))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]
