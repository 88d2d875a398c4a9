"""The three lists, the upgrade action and campaign tasks: items with an owner post, a due date and a done date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.chance import Floats, stream
from data.demo.clock import DATA_DATE
from data.demo.compounds import Compounds
from data.demo.frames import table_frame
from data.schema.vocabulary import TaskList


@dataclass(frozen=True)
class ListOf:
    """One list: number of items, what they are about, which post owns them, days allowed, whether a community owns it."""

    count: int
    titles: tuple[str, ...]
    posts: tuple[str, ...]
    days: tuple[int, int]
    by_community: bool = False


COMMUNITY_POSTS = ("社区党组织书记岗", "社区网格专干岗", "社区物业服务站站长岗")
LISTS: dict[TaskList, ListOf] = {
    TaskList.RESOURCE: ListOf(
        720, ("单位会议室开放", "临街泊位错时共享", "退休技工志愿队", "法律咨询服务", "社区卫生义诊", "闲置用房提供"),
        ("联点单位党务岗", "社区党组织书记岗"), (60, 180), by_community=True,
    ),
    TaskList.NEED: ListOf(
        3100, ("增划停车位", "加装路灯", "修补路面", "疏通下水管", "更换单元门", "增设晾衣架", "楼道堆物清理", "充电桩加装"),
        COMMUNITY_POSTS, (20, 90),
    ),
    TaskList.TASK: ListOf(
        2250, ("停车位划线施工", "路灯安装验收", "路面修补施工", "雨污管疏通", "单元门更换", "消防通道清障", "充电桩建设"),
        ("物业项目经理岗", "业委会主任岗", "街道物业管理岗", "社区网格专干岗"), (20, 90),
    ),
    TaskList.UPGRADE: ListOf(
        460, ("老旧小区雨污分流", "屋面防水翻修", "外立面整治", "消防设施补齐", "加装电梯", "安防监控改造"),
        ("街道城建岗", "住建局物业科岗"), (90, 300),
    ),
    TaskList.CAMPAIGN: ListOf(
        240, ("消防通道占用整治", "破旧表箱整治", "飞线充电整治", "毁绿种菜整治"), ("街道综合执法岗", "社区网格专干岗"), (15, 60),
    ),
}  # fmt: skip


def task_rows(seed: int, city: Compounds, z: Floats) -> pd.DataFrame:
    """`task` rows over the five years; better compounds finish more of theirs in time."""
    parts, number = [], 0
    for kind, of in LISTS.items():
        parts.append(_list(seed, city, z, kind, of, number))
        number += of.count
    return pd.concat(parts, ignore_index=True)


def _list(seed: int, city: Compounds, z: Floats, kind: TaskList, of: ListOf, number: int) -> pd.DataFrame:
    luck = stream(seed, f"tasks: {kind.name}")
    count, managed = of.count, city.managed
    weight = city.households[:managed] ** 0.5 * np.isnat(city.since[:managed])
    at = luck.choice(managed, count, p=weight / weight.sum())
    days = int((np.datetime64(DATA_DATE) - np.datetime64("2021-11-05")) / np.timedelta64(1, "D"))
    # The lists filled up faster once every community kept them.
    begun = np.sort(np.datetime64("2021-11-05") + np.floor(days * luck.random(count) ** 0.8).astype("timedelta64[D]"))
    allowed = luck.integers(of.days[0], of.days[1], count)
    due = begun + allowed.astype("timedelta64[D]")
    chance = np.clip(0.8 + 0.05 * z[at], 0.2, 0.98)
    spent = np.where(luck.random(count) < chance, luck.beta(3, 1.6, count), 1.03 + luck.exponential(0.5, count))
    done = begun + np.ceil(spent * allowed).astype("timedelta64[D]")
    open_ = (luck.random(count) < 0.06) | (done > np.datetime64(DATA_DATE))
    done[open_] = np.datetime64("NaT", "D")
    compound = np.full(count, None, dtype=object) if of.by_community else city.ids[at]
    titles, posts = np.array(of.titles, dtype=object), np.array(of.posts, dtype=object)
    return table_frame(
        "task",
        {
            "task_id": [f"RW{number + i + 1:05d}" for i in range(count)],
            "list_kind": np.full(count, kind.value, dtype=object), "title": titles[luck.integers(0, len(titles), count)],
            "area_code": city.community[at], "compound_id": compound,
            "owner_post": posts[luck.integers(0, len(posts), count)], "opened_on": begun, "due_on": due,
            "done_on": done,
        },
    )  # fmt: skip
