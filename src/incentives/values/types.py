"""The types of the rule language and what may be combined with what.

A count serves wherever a ratio is expected; a literal 0 fits every additive
type (``Kind.ZERO``). Everything else that does not match is an error that
shows both operands, never a conversion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a value is. The words are those of a vocabulary's ``type``."""

    BOOL = "bool"
    COUNT = "count"
    RATIO = "ratio"
    MONEY = "money"
    DATE = "date"
    DURATION = "duration"
    CHOICE = "choice"
    REGION = "region"
    INDUSTRY = "industry"
    TEXT = "text"
    ZERO = "zero"

    @property
    def zh(self) -> str:
        """The kind in Chinese, for a message."""
        return _ZH[self]


_ZH: Final = {
    Kind.BOOL: "是非值",
    Kind.COUNT: "数量",
    Kind.RATIO: "比例",
    Kind.MONEY: "金额",
    Kind.DATE: "日期",
    Kind.DURATION: "期限",
    Kind.CHOICE: "选项",
    Kind.REGION: "地区代码",
    Kind.INDUSTRY: "行业代码",
    Kind.TEXT: "文本",
    Kind.ZERO: "0",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, with the words of a choice, ``many`` for lists, ``year`` for calendar years."""

    kind: Kind
    options: frozenset[str] | None = None
    many: bool = False
    year: bool = False

    def __str__(self) -> str:
        return f"list of {self.kind}" if self.many else str(self.kind)

    @property
    def zh(self) -> str:
        """The type in Chinese, for a message."""
        return f"{self.kind.zh}列表" if self.many else self.kind.zh

    def element(self) -> Type:
        """Return the type of one element of a list."""
        return replace(self, many=False)


BOOL: Final = Type(Kind.BOOL)
COUNT: Final = Type(Kind.COUNT)
YEAR: Final = Type(Kind.COUNT, year=True)
RATIO: Final = Type(Kind.RATIO)
MONEY: Final = Type(Kind.MONEY)
DATE: Final = Type(Kind.DATE)
DURATION: Final = Type(Kind.DURATION)
REGION: Final = Type(Kind.REGION)
INDUSTRY: Final = Type(Kind.INDUSTRY)
TEXT: Final = Type(Kind.TEXT)
ZERO: Final = Type(Kind.ZERO)

NUMERIC: Final = frozenset({Kind.COUNT, Kind.RATIO, Kind.MONEY, Kind.ZERO})
ORDERED: Final = NUMERIC | {Kind.DATE}
_PLAIN: Final = frozenset({Kind.COUNT, Kind.RATIO, Kind.ZERO})


def join(left: Type, right: Type) -> Type | None:
    """Return the type that holds both, or ``None`` where they do not mix.

    Used by addition, comparison, ``min``/``max`` and the branches of ``if``.
    """
    if left.many or right.many:
        return None
    if left.kind is right.kind:
        if left.kind is Kind.CHOICE and left.options and right.options:
            return Type(Kind.CHOICE, left.options | right.options)
        return left if left.year == right.year else replace(left, year=False)
    if left.kind is Kind.ZERO and right.kind in NUMERIC:
        return replace(right, year=False)
    if right.kind is Kind.ZERO and left.kind in NUMERIC:
        return replace(left, year=False)
    if left.kind in _PLAIN and right.kind in _PLAIN:
        return RATIO
    return None


def product(left: Type, right: Type) -> Type | None:
    """Return the type of ``left * right``, or ``None``: money has no square."""
    kinds = {left.kind, right.kind}
    if left.many or right.many or not kinds <= NUMERIC:
        return None
    if Kind.MONEY in kinds:
        return None if left.kind is right.kind else MONEY
    return RATIO if Kind.RATIO in kinds else COUNT


def quotient(left: Type, right: Type) -> Type | None:
    """Return the type of ``left / right``: money by money is a ratio."""
    if left.many or right.many or not {left.kind, right.kind} <= NUMERIC:
        return None
    if right.kind is Kind.MONEY:
        return RATIO if left.kind in {Kind.MONEY, Kind.ZERO} else None
    return MONEY if left.kind is Kind.MONEY else RATIO
