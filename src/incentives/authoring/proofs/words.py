"""Every sentence of an answer, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.authoring.proofs.days import FIRST, LAST
from incentives.authoring.proofs.results import Property, Verdict
from incentives.language.core import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PROPERTIES: Final = {
    Property.REACH: Text("有人能享受", "can be reached"),
    Property.REDUNDANT: Text("条件不多余", "no condition is redundant"),
    Property.BOUNDS: Text("金额不超出范围", "the amount keeps its bounds"),
    Property.MONOTONE: Text("基数增加时金额不减", "never falls when its base rises"),
    Property.OVERLAP: Text("表中各行不重叠", "rows do not overlap"),
    Property.READINGS: Text("各种理解一致", "readings agree"),
    Property.VERSIONS: Text("新旧版本一致", "versions agree"),
}
TITLES: Final = {
    Property.REACH: Text("能否享受", "reach"),
    Property.REDUNDANT: Text("条件", "conditions"),
    Property.BOUNDS: Text("金额范围", "bounds"),
    Property.MONOTONE: Text("基数增加时", "rising base"),
    Property.OVERLAP: Text("表中各行", "rows of tables"),
    Property.READINGS: Text("各种理解", "readings"),
    Property.VERSIONS: Text("新旧版本", "versions"),
}
VERDICTS: Final = {
    Verdict.PROVED: Text("已证明", "proved"),
    Verdict.REFUTED: Text("不成立", "refuted"),
    Verdict.UNDECIDED: Text("未定", "not decided"),
    Verdict.NOT_ASKED: Text("不适用", "not asked"),
}

NO_TIME: Final = Text(
    "限定时间内没有得出结论，或者找到的情形无法写成申报资料",
    "no answer within the time, or one that no profile can state",
)
GRANTED: Final = Text("可以享受的情形", "a profile that is granted it")
REACHED: Final = Text("有申报主体可以享受", "some applicant is granted it")
NO_CONDITIONS: Final = Text("没有另写条件", "it has no written condition")
NO_AMOUNT: Final = Text("没有写明金额", "it states no amount")
NO_TABLE: Final = Text("金额不是按表确定的", "no table sets its amount")
NO_BASE: Final = Text("金额是定额，没有基数", "its amount is fixed, without a base")
NO_READINGS: Final = Text("只有一种理解", "it has one reading only")
NO_VERSIONS: Final = Text(
    "没有可比的版本（用 --against 指定另一套规则）",
    "there is no other version to compare with (--against names other rules)",
)
NEW_ENTRY: Final = Text("旧规则中没有本项", "the old rules do not have it")
NOT_BELOW_ZERO: Final = Text("金额不会小于零", "the amount is never below zero")
BELOW_ZERO: Final = Text("金额可以小于零", "the amount can be below zero")
WITHIN_CAP: Final = Text("每项金额不超过上限", "no amount is above its cap")
ABOVE_CAP: Final = Text("金额可以超过上限", "an amount can be above its cap")
WITHIN_TOTAL: Final = Text("合计不超过合计上限", "the sum is never above the cap over items")
ABOVE_TOTAL: Final = Text("合计可以超过合计上限", "the sum can be above the cap over items")
APART: Final = Text("没有两行同时成立", "no two rows hold at once")
TWO_ROWS: Final = Text("有两行同时成立", "two rows hold at once")
COMPLETE: Final = Text("符合条件的总有一行成立", "for whoever is eligible some row holds")
NO_ROW: Final = Text("符合条件却没有一行成立", "somebody is eligible and no row holds")
NO_PAY: Final = Text(
    "符合条件的申报主体，金额也总是零",
    "whoever is eligible gets nothing: the amount is always zero",
)
ENTRY: Final = Text("本条", "the entry")
OLD: Final = Text("旧规则", "the old rules")
NEW: Final = Text("现规则", "these rules")
LESS: Final = Text("基数较小", "with the smaller base")
MORE: Final = Text("基数较大", "with the larger base")
AS_IF: Final = Text(
    "本条只作登记（引用、探索或历史文件），按“符合条件即可享受”来问",
    "it is only listed (by reference, exploratory or historical), and asked about as if granted",
)
FAILURES: Final = Text(
    "不含计算中除数为零、地区代码过粗等无法算出结果的情形",
    "profiles for which a computation fails or stays open are left out",
)
NO_DECISION: Final = Text("尚未核定金额", "while no decision about a ceiling is recorded")


def listed(names: Sequence[str], lang: str) -> str:
    """Return names in a row."""
    return ("、" if lang == "zh" else ", ").join(names)


def _both(zh: str, en: str, names: Sequence[str]) -> Text:
    return Text(zh.format(listed(names, "zh")), en.format(listed(names, "en")))


def limits(items: int, lists: Sequence[str]) -> list[Text]:
    """Return the bounds of the facts: dates always, items where there are lists."""
    found = [
        Text(
            f"日期从{FIRST}到{LAST}，数字不超过18位",
            f"dates from {FIRST} to {LAST}, numbers of up to 18 digits",
        )
    ]
    if lists:
        found.append(
            _both(f"每个列表至多{items}项：{{}}", f"up to {items} items in each list: {{}}", lists)
        )
    return found


def not_within(items: int, lists: Sequence[str]) -> Text:
    """Return the sentence about a profile that was not found among short lists."""
    return _both(
        f"每个列表至多{items}项时找不到这样的情形（{{}}）；用 --items 放宽",
        f"no such profile with up to {items} items in a list ({{}}); --items allows more",
        lists,
    )


def never_reached(why: Sequence[str]) -> Text:
    """Return the sentence about an incentive nobody can get."""
    if not why:
        return Text(
            "没有人能享受：资格或期限排除了所有人", "nobody is granted it: it applies to nobody"
        )
    return _both(
        "没有人能享受：这些条件互相排斥：{}",
        "nobody is granted it: these exclude each other: {}",
        why,
    )


def as_read(reading: str, says: Text) -> Text:
    """Return a sentence about one reading of a text."""
    return Text(f"按【{reading}】：{says.zh}", f"under [{reading}]: {says.get('en')}")


def reached_as_read(says: Text, readings: Sequence[str]) -> Text:
    """Return the sentence about an incentive that is granted under other readings as well."""
    return _both(
        f"{says.zh}（按以下理解也有：{{}}）", f"{says.get('en')} (also under: {{}})", readings
    )


def only_fails(name: str) -> Text:
    """Return the label of a profile in which one condition alone fails."""
    return Text(f"只有“{name}”不满足的情形", f"a profile in which only `{name}` fails")


def needed(name: str) -> Text:
    """Return the sentence about a condition that decides something."""
    return Text(f"“{name}”不多余", f"`{name}` decides something")


def never_fails(name: str, why: Sequence[str]) -> Text:
    """Return the sentence about a condition that cannot fail where the others hold."""
    if not why:
        return Text(f"“{name}”多余：任何情形下都满足", f"`{name}` is redundant: it never fails")
    return _both(
        f"“{name}”多余：满足以下各项时必然满足：{{}}",
        f"`{name}` is redundant: it holds wherever these do: {{}}",
        why,
    )


def only_part(path: str) -> Text:
    """Return the label of a profile that turns on one part of a condition."""
    return Text(f"取决于“{path}”的情形", f"a profile that turns on `{path}`")


def part_needed(path: str) -> Text:
    """Return the sentence about a part that decides something."""
    return Text(f"“{path}”不多余", f"`{path}` decides something")


def guards(path: str) -> Text:
    """Return the sentence about a part that keeps a computation from failing."""
    return Text(
        f"“{path}”不多余：没有它，计算会失败",
        f"`{path}` guards a computation that fails without it",
    )


def part_idle(path: str) -> Text:
    """Return the sentence about a part that never decides."""
    return Text(
        f"“{path}”多余：去掉它，结论从不改变",
        f"`{path}` is redundant: without it no decision changes",
    )


def idle_here(name: str, reading: str) -> Text:
    """Return the sentence about a condition that only another reading needs."""
    return Text(
        f"“{name}”在本条的理解下多余，在“{reading}”的理解下不多余",
        f"`{name}` is redundant as the entry reads, and decides something under `{reading}`",
    )


def all_needed(count: int) -> Text:
    """Return the sentence about conditions of which each decides something."""
    return Text(
        f"{count}项（条件及其组成部分）都不多余",
        f"each of {count} (conditions and parts of them) decides something",
    )


def rises(fact: str) -> Text:
    """Return the sentence about an amount that never falls as a fact rises."""
    return Text(f"“{fact}”增加时金额从不减少", f"never less when `{fact}` rises")


def falls(fact: str, why: Sequence[str], *, said: bool) -> Text:
    """Return the sentence about an amount that falls as a fact rises."""
    zh, en = f"“{fact}”增加时金额减少", f"less when `{fact}` rises"
    if why:
        zh += f"：不再满足{listed(why, 'zh')}"
        en += f": {listed(why, 'en')} no longer holds"
    if said:
        zh, en = f"{zh}（规则已注明）", f"{en} (as the rule says)"
    return Text(zh, en)


def version(since: date | None) -> Text:
    """Return what a version is called: the day it begins."""
    if since is None:
        return Text("最初的版本", "the first version")
    return Text(f"{since}起的版本", f"the version from {since}")


def other_fact(path: str) -> Text:
    """Return what keeps two rulebooks from being compared: a fact that is not the same."""
    return Text(f"两套规则中的“{path}”不是同一种事实", f"`{path}` is not one fact in both rules")


def agree(what: Text, where: str | None) -> Text:
    """Return the sentence about two texts that agree."""
    zh, en = what.zh, what.get("en")
    if where is None:
        return Text(f"与【{zh}】处处一致", f"the same for every profile as [{en}]")
    return Text(f"在 {where} 时与【{zh}】一致", f"the same where {where} as [{en}]")


def differ(what: Text, where: str | None) -> Text:
    """Return the sentence about two texts that differ."""
    zh, en = what.zh, what.get("en")
    if where is None:
        return Text(f"与【{zh}】有不同", f"differs from [{en}]")
    return Text(f"在 {where} 时仍与【{zh}】有不同", f"differs even where {where} from [{en}]")


def under(what: Text) -> Text:
    """Return the label of a profile assessed under one text."""
    return Text(f"按【{what.zh}】", f"under [{what.get('en')}]")


def not_decided(why: Text) -> Text:
    """Return the sentence about what the solver cannot be told."""
    return Text(f"无法精确表述：{why.zh}", f"cannot be told exactly: {why.get('en')}")
