"""Every fixed word of an explanation, in Chinese and in English, and how figures are written.

The law kept here (``tests/unit/explain/test_languages.py``): a sentence carries
the same figures, dates and clauses in both languages, because both come from
one call with the same values.

The trap: amounts are exact. A figure finer than a fen is written out in full by
``format_fen``; nothing is rounded in order to look tidy.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import CompareOp, Text
from incentives.values.calendar import Duration
from incentives.values.money import format_fen
from incentives.values.quantity import decimal_digits, format_ratio
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incentives.values.unknown import Fault

STATUS: Final = {
    "eligible": Text("符合条件", "Eligible"),
    "undetermined": Text("待定", "Undetermined"),
    "ineligible": Text("不符合条件", "Not eligible"),
    "not_applicable": Text("不适用", "Not applicable"),
}

REASON: Final = {
    "period": Text("不在执行期内", "outside its period"),
    "draft": Text("征求意见稿，尚未生效", "a draft, not law yet"),
    "historical": Text("历史文件，仅供查阅", "a historical document, listed only"),
    "jurisdiction": Text("申报主体不在适用地区", "the applicant is outside the region"),
    "recipient": Text("申报主体不属于支持对象", "not for this kind of applicant"),
    "superseded": Text("已被另一项政策取代", "replaced by another incentive"),
    "exploratory": Text("仅为探索方向，尚未实施", "only to be explored, not in force"),
    "by_reference": Text("标准由另一文件规定", "its figures stand in another document"),
}

LEGAL_STATUS: Final = {
    "in_force": Text("现行有效", "in force"),
    "repealed": Text("已废止", "repealed"),
    "draft": Text("征求意见稿", "draft"),
    "historical": Text("历史文件", "historical"),
}

ENTITLEMENT: Final = {
    "exact": Text("按规定标准给予", "a fixed entitlement"),
    "up_to": Text(
        "只规定了上限，具体金额由主管部门核定", "a ceiling; the payer decides the amount"
    ),
    "case_by_case": Text("一事一议，由主管部门逐项研究", "decided case by case"),
    "by_reference": Text("按另一文件执行", "by another document"),
    "none": Text("不涉及金额", "no amount of money"),
    "exploratory": Text("探索性表述", "only to be explored"),
}

TRUTH: Final = {
    "met": Text("符合", "met"),
    "failed": Text("不符合", "not met"),
    "unknown": Text("待定", "not known"),
}

CONFIDENCE: Final = {
    "high": Text("把握较大", "high confidence"),
    "medium": Text("把握一般", "medium confidence"),
    "low": Text("把握较小", "low confidence"),
}

GROUP_RULE: Final = {
    "highest": Text("就高不重复", "only the highest is paid"),
    "cap": Text("合计不超过上限", "together under one cap"),
    "top_up": Text("就高补差", "topped up to the highest"),
}

ROUNDING: Final = {
    "down": Text("舍去尾数", "rounded down"),
    "up": Text("进位", "rounded up"),
    "half_up": Text("四舍五入", "rounded half up"),
    "half_even": Text("四舍六入五成双", "rounded half to even"),
}

FAULTS: Final = {
    "zero-divisor": Text("除数为零，无法计算", "a divisor is zero"),
    "exponent-too-large": Text("指数过大，无法计算", "an exponent is too large"),
    "empty-extreme": Text(
        "没有可比较的数，无法取最大或最小值", "there is nothing to take the largest or smallest of"
    ),
    "row-conflict": Text("表中有两行同时成立，互相冲突", "two rows of a table hold at once"),
    "no-row": Text("表中没有任何一行成立", "no row of a table holds"),
    "date-out-of-range": Text("日期超出可计算的范围", "a date is out of range"),
    "too-many-years": Text("求和的年份超过200年", "more than 200 years are added up"),
    "parameter-without-value": Text("该日期没有对应的标准", "a figure has no value on that date"),
    "amount-without-rounding": Text(
        "金额细到分以下，而文件没有规定取整办法",
        "an amount is finer than a fen and its document has no rounding",
    ),
    "override-conflict": Text("有两项政策同时取代本项", "two incentives replace this one at once"),
    "decided-above-ceiling": Text(
        "核定金额超过规定上限，不予采用", "a decided amount is above the ceiling and is ignored"
    ),
}

COMPARE: Final = {
    CompareOp.EQ: Text("＝", "="),
    CompareOp.NE: Text("≠", "≠"),
    CompareOp.LT: Text("＜", "<"),
    CompareOp.LE: Text("≤", "≤"),
    CompareOp.GT: Text("＞", ">"),
    CompareOp.GE: Text("≥", "≥"),
}

OPPOSITE: Final = {
    CompareOp.EQ: CompareOp.NE,
    CompareOp.NE: CompareOp.EQ,
    CompareOp.LT: CompareOp.GE,
    CompareOp.LE: CompareOp.GT,
    CompareOp.GT: CompareOp.LE,
    CompareOp.GE: CompareOp.LT,
}

YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")
UNKNOWN: Final = Text("未知", "unknown")
OPEN: Final = Text("尚不能确定", "not known yet")
APPLICANT_NAMELESS: Final = Text("申报主体", "the applicant")


def fault_says(fault: Fault) -> Text:
    """Return the sentence for something that could not be computed."""
    return FAULTS.get(fault.code, Text(fault.code, fault.code))


def both(value: str) -> Text:
    """Return a text that is the same in both languages: a figure, a code, a clause."""
    return Text(value, value)


def money(fen: Any) -> Text:
    """Return an exact amount; finer than a fen it is written out in full."""
    return Text(format_fen(fen, lang="zh"), format_fen(fen, lang="en"))


def money_range(low: Any, high: Any) -> Text:
    """Return the words for a range of amounts; ``None`` is no bound."""
    if high is None and not low:
        return OPEN
    if high is None:
        return Text(f"不低于{money(low).zh}", f"at least {money(low).en}")
    if low is None:
        return Text(f"不超过{money(high).zh}", f"at most {money(high).en}")
    if low == high:
        return money(low)
    return Text(f"{money(low).zh}至{money(high).zh}", f"{money(low).en} to {money(high).en}")


def day_text(day: date) -> Text:
    """Return a date; ISO in both languages, so that both carry the same figures."""
    return both(day.isoformat())


def number(value: Any) -> Text:
    """Return a count or ratio: a whole number with separators, else per cent, else a fraction."""
    if isinstance(value, int):
        digits = decimal_digits(abs(value))
        return both(("-" if value < 0 else "") + digits)
    return both(format_ratio(value))


def duration_text(value: Duration) -> Text:
    """Return a duration in months and days."""
    zh = "".join(
        [f"{value.months}个月" if value.months else "", f"{value.days}天" if value.days else ""]
    )
    parts = [
        f"{count} {unit}{'' if abs(count) == 1 else 's'}"
        for count, unit in ((value.months, "month"), (value.days, "day"))
        if count
    ]
    return Text(zh or "0天", " ".join(parts) or "0 days")


def known(value: Any, kind: Type | None) -> Text:
    """Return a known value in words, by its type; without one, by its Python type."""
    if value is True or value is False:
        return YES if value else NO
    if kind is not None and kind.kind is Kind.MONEY and isinstance(value, int | Fraction):
        return money(value)
    if kind is not None and kind.kind is Kind.RATIO and isinstance(value, int):
        return both(format_ratio(value))
    if isinstance(value, int | Fraction):
        return number(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Duration):
        return duration_text(value)
    return both(str(value))


def join(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Return texts joined in each language."""
    parts = list(texts)
    return Text(zh.join(part.zh for part in parts), en.join(part.get("en") for part in parts))


def wrap(before: Text, text: Text, after: Text | None = None) -> Text:
    """Return ``text`` between two others."""
    end = after or both("")
    return Text(before.zh + text.zh + end.zh, f"{before.get('en')}{text.get('en')}{end.get('en')}")
