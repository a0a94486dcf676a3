"""What people call the parts of a receipt, in Chinese and English.

A path such as ``items 1 amount`` is stable and goes into JSON; what is printed
has a name before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.explain.names import Names

if TYPE_CHECKING:
    from incentives.rulebook.model import Rules

Label = tuple[str, str]

_FIRST: Final[dict[str, Label]] = {
    "on": ("评估日", "the date of assessment"),
    "known_on": ("知悉日", "the date as known on"),
    "figure": ("条文中的数", "a figure of the rule"),
    "award": ("另一事项的金额", "what another incentive gives"),
    "granted": ("另一事项的结论", "whether another incentive is granted"),
    "received": ("已领取", "already received"),
    "derivation": ("推导", "the derivation"),
    "options": ("评估选项", "an option of the assessment"),
    "totals": ("合计", "the totals"),
    "decisions": ("结论", "the decisions"),
    "amount": ("金额", "the amount"),
    "range": ("金额范围", "the range of the amount"),
    "status": ("结论", "the status"),
    "reason": ("不适用的原因", "why it is not applicable"),
    "items": ("逐项结论", "the items"),
    "conditions": ("条件", "the conditions"),
    "failed": ("未满足的条件", "the failed conditions"),
    "missing": ("未知的事实", "the missing facts"),
    "funding": ("分担", "who pays"),
    "instalments": ("分期", "the instalments"),
    "overpaid": ("多领金额", "the overpayment"),
    "readings": ("其他理解", "the readings"),
    "group": ("叠加规则", "the group"),
    "period": ("版本的期间", "the period of the version"),
    "made_by": ("出具的程序", "the program that issued it"),
    "assumptions": ("所作的假定", "the assumptions"),
    "applicant": ("申报主体", "the applicant"),
}
_NAMED: Final[dict[str, Label]] = {
    "parameter": ("参数", "parameter"),
    "figure": ("条文中的数", "figure"),
}
_RULEBOOK: Final[dict[str, Label]] = {
    "": ("规则", "the rulebook"),
    "vocabulary": ("词汇表", "the vocabulary"),
    "files": ("规则文件", "the rule files"),
}


def label_of(what: str, rules: Rules) -> Label | None:
    """Return what people call a part of a receipt, ``None`` where its path says it all."""
    first, _, rest = what.partition(" ")
    if first == "fact" and rest:
        label = Names(rules).path(rest)
        return label.zh, label.get("en")
    if first in _NAMED and rest:
        return f"{_NAMED[first][0]} {rest}", f"{_NAMED[first][1]} {rest}"
    if first != "rulebook":
        return _FIRST.get(first)
    if rest in _RULEBOOK:
        return _RULEBOOK[rest]
    document, _, kind = rest.rpartition(" ")
    if kind == "meaning":
        return f"文件 {document} 的规则", f"the rules of document {document}"
    return f"文件 {document} 的文字", f"the wording of document {document}"
