"""The states of a target and the reasons why an amount does not count, each with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a target stands."""

    MET = "met"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why an amount does not count."""

    ECOSYSTEM = "ecosystem_excluded"
    BEFORE_PERIOD = "finished_before_period"
    COUNTED_ELSEWHERE = "counted_elsewhere"
    REPEATED = "repeated_record"
    DEMONSTRATION = "demonstration_record"
    NO_AMOUNT = "no_amount_published"
    NOT_ACCEPTED = "not_accepted"
    NO_DATE = "acceptance_date_unknown"
    OUTSIDE_PERIOD = "accepted_outside_period"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str


STATE_NAMES: Final[Mapping[State, Words]] = {
    State.MET: Words("已达成", "Met"),
    State.ON_TRACK: Words("有望", "On track"),
    State.BEHIND: Words("落后", "Behind"),
    State.MISSED: Words("未达成", "Missed"),
    State.UNKNOWN: Words("资料不足", "Not enough data"),
}
RULES: Final[Mapping[State, Words]] = {
    State.MET: Words("已计入的数量达到目标值", "The counted amount reaches the target"),
    State.ON_TRACK: Words(
        "期限未到，项目名录完整，已计入数量不低于按时间匀速推算的应完成量",
        "Before the deadline, with a complete list of projects, the counted amount is at least "
        "what an even pace asks for",
    ),
    State.BEHIND: Words(
        "期限未到，项目名录完整，已计入数量低于按时间匀速推算的应完成量",
        "Before the deadline, with a complete list of projects, the counted amount is below what "
        "an even pace asks for",
    ),
    State.MISSED: Words(
        "期限已过，项目名录完整，已计入数量未达到目标值",
        "After the deadline, with a complete list of projects, the counted amount is below the "
        "target",
    ),
    State.UNKNOWN: Words(
        "已计入数量未知或未达到目标值，且没有资料说明项目名录完整，只能说“至少”，不能判定",
        "The counted amount is unknown or below the target, and nothing says that the list of "
        "projects is complete: it is a lower bound and decides nothing",
    ),
}
REASONS: Final[Mapping[Reason, Words]] = {
    Reason.ECOSYSTEM: Words("目标不计该生态系统", "The target does not count this ecosystem"),
    Reason.BEFORE_PERIOD: Words("完工早于计划期", "Finished before the plan period"),
    Reason.COUNTED_ELSEWHERE: Words(
        "同一面积已在另一项目中计入", "Another project already counts the same ground"
    ),
    Reason.REPEATED: Words("重复记录", "The record is there twice"),
    Reason.DEMONSTRATION: Words(
        "演示记录，不计入正式数", "Demonstration record: never in an official figure"
    ),
    Reason.NO_AMOUNT: Words("数量未公布", "No amount was published"),
    Reason.NOT_ACCEPTED: Words("未见验收记录", "No acceptance on record"),
    Reason.NO_DATE: Words("验收日期不明", "The day of acceptance is not known"),
    Reason.OUTSIDE_PERIOD: Words("验收日期不在计划期内", "Accepted outside the plan period"),
}
