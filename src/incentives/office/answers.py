"""What stands in a cell of the form, and the fact it states; both directions.

The law kept here (``tests/property/test_form.py``): whatever a profile states, written
into a cell and read back, is the same fact. Blank is unknown, as everywhere.

The traps: ``/`` and 无 may mean zero, no, or not known, so they are refused with what to
write instead; a cell that the spreadsheet turned into a number or a date has lost what
was typed; and 3.5 may be three and a half or 3.5%, so a ratio needs its sign.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.language.names import DECIDED, RECEIVED
from incentives.rulebook.facts import FactError
from incentives.tabular.cells import CellKind
from incentives.values.quantity import (
    MONEY_UNITS,
    QuantityError,
    exact_decimal,
    format_ratio,
    read_quantity,
    short_money,
)
from incentives.values.types import ORDERED, Kind
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary
    from incentives.tabular.cells import Cell

YES: Final = {"zh": "是", "en": "Yes"}
NO: Final = {"zh": "否", "en": "No"}
NOT_KNOWN: Final = {"zh": "不知道", "en": "Unknown"}

_NOT_KNOWN: Final = frozenset({"不知道", "未知", "不清楚", "unknown", "not known"})
_EMPTY_WORDS: Final = frozenset(
    {"/", "／", "\\", "-", "－", "—", "——", "–", "无", "没有", "暂无", "不适用", "不详", "待定"}
    | {"同上", "n/a", "na", "none", "nil", "?", "？", "…", "*"}
)
_FROM: Final = re.compile(r"(?:不低于|不少于|至少|>=|≥|at least )(.+)", re.IGNORECASE)
_UP_TO: Final = re.compile(r"(?:不高于|不超过|至多|<=|≤|at most )(.+)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"(.+?)(?:至|到|~|～| to )(.+)", re.IGNORECASE)
_WHOLE: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})")
_INCENTIVE: Final = re.compile(r"([a-z0-9_.-]+/[a-z0-9_.-]+)(?: .*)?")
_CODES: Final = {Kind.TEXT, Kind.INDUSTRY}
_LEAVE_BLANK: Final = ("leave it blank if it is not known", "不知道的请留空")


# ── from a cell to a fact ─────────────────────────────────────────────────────


def read_answer(spec: FactSpec, cell: Cell, vocabulary: Vocabulary) -> Any:
    """Return what a cell states, as a profile file would hold it; ``None`` for unknown.

    Raises:
        FactError: the cell has no plain meaning for this fact (E311 to E315, E521 to E524).
    """
    if cell.kind is CellKind.TEXT and isinstance(cell.value, str):
        return _text(spec, cell.value.strip(), vocabulary)
    if cell.kind is CellKind.EMPTY:
        return None
    kind = spec.type.kind
    match cell.kind, kind:
        case (CellKind.BOOL, Kind.BOOL) | (CellKind.DATE, Kind.DATE):
            return cell.value
        case CellKind.NUMBER, Kind.COUNT if isinstance(cell.value, int):
            return cell.value
        case CellKind.NUMBER, Kind.MONEY | Kind.REGION | Kind.CHOICE:
            return cell.text  # refused by the fact's own reader, a region apart
        case CellKind.NUMBER, Kind.RATIO:
            raise _ratio(cell.text or "")
        case CellKind.NUMBER | CellKind.DATE, _ if kind in _CODES:
            raise _converted(cell)
        case _:
            raise _unfit(spec, cell.text or "")


def _text(spec: FactSpec, text: str, vocabulary: Vocabulary) -> Any:
    if not text or text.lower() in _NOT_KNOWN:
        return None
    word = _choice_word(spec, text)
    if word is not None:
        return word
    if text.lower() in _EMPTY_WORDS:
        raise _empty_word(spec, text)
    match spec.type.kind:
        case Kind.BOOL:
            return _yes_or_no(text)
        case Kind.REGION:
            return _region(text, vocabulary)
        case Kind.TEXT if names_incentive(spec) and (match := _INCENTIVE.fullmatch(text)):
            return match[1]
        case kind if kind in ORDERED:
            return _ordered(spec, text)
        case _:
            return text


def _choice_word(spec: FactSpec, text: str) -> str | None:
    """Return the word of a choice that a text is the label of, where it is the label of one."""
    if text in spec.choices:
        return text
    words = [word for word, label in spec.choices.items() if text in _labels(spec, word, label)]
    return words[0] if len(words) == 1 else None


def _labels(spec: FactSpec, word: str, label: Any) -> set[str]:
    plain = {label.zh, label.get("en")}
    return plain | {choice_label(spec, word, lang) for lang in ("zh", "en")}


def choice_label(spec: FactSpec, word: str, lang: str) -> str:
    """Return how the form offers a choice; with its word where two labels are the same."""
    label = spec.choices[word].get(lang)
    same = [each for each in spec.choices.values() if label in {each.zh, each.get("en")}]
    return label if len(same) == 1 else f"{label}（{word}）"


def names_incentive(spec: FactSpec) -> bool:
    """Whether a fact holds the id of an incentive: ``document/incentive``, a name may follow."""
    return spec.entity in {RECEIVED, DECIDED} and spec.name == "incentive"


def _yes_or_no(text: str) -> bool:
    if text in {"是", "yes", "Yes", "YES"}:
        return True
    if text in {"否", "no", "No", "NO"}:
        return False
    raise FactError(
        "E315",
        f"yes or no is needed, not {text[:40]!r}",
        f"此处应选“是”或“否”，不能是“{text[:40]}”",
        ("choose Yes or No; leave it blank if it is not known", "请选“是”或“否”；不知道的请留空"),
    )


def _region(text: str, vocabulary: Vocabulary) -> str:
    """Return the code of ``640200``, ``640200 石嘴山市`` or a name that only one region has."""
    code, _, name = text.partition(" ")
    region = vocabulary.regions.get(code)
    if region is not None and name.strip() in {region.name.zh, region.name.get("en")}:
        return code
    named = [
        code
        for code, each in vocabulary.regions.items()
        if text in {each.name.zh, each.name.get("en")}
    ]
    return named[0] if len(named) == 1 else text


def _ordered(spec: FactSpec, text: str) -> Any:
    if match := _FROM.fullmatch(text):
        return {"at_least": _one(spec, match[1].strip())}
    if match := _UP_TO.fullmatch(text):
        return {"at_most": _one(spec, match[1].strip())}
    if match := _BETWEEN.fullmatch(text):
        return {"at_least": _one(spec, match[1].strip()), "at_most": _one(spec, match[2].strip())}
    return _one(spec, text)


def _one(spec: FactSpec, text: str) -> Any:
    match spec.type.kind:
        case Kind.COUNT if _WHOLE.fullmatch(text):
            return int(text.replace(",", ""))
        case Kind.RATIO if not text.endswith(("%", "‰", "％")) and "/" not in text:
            raise _ratio(text)
        case _:
            return text


def _ratio(text: str) -> FactError:
    return FactError(
        "E522",
        f"{text[:40]} may be a part or a percentage",
        f"{text[:40]} 可能是小数，也可能是百分数，不作猜测",
        ("write 3.5% or 1/3", "请写成 3.5% 或 1/3"),
    )


def _empty_word(spec: FactSpec, text: str) -> FactError:
    zero = {Kind.MONEY: ("0元", "0元"), Kind.COUNT: ("0", "0"), Kind.RATIO: ("0%", "0%")}
    help = _LEAVE_BLANK
    if spec.type.kind in zero:
        en, zh = zero[spec.type.kind]
        help = (f"write {en} if it is none; {help[0]}", f"确实没有的请写 {zh}；{help[1]}")
    elif spec.type.kind is Kind.BOOL:
        help = (f"choose Yes or No; {help[0]}", f"请选“是”或“否”；{help[1]}")
    return FactError(
        "E521",
        f"{text[:20]!r} may mean none, no, or not known",
        f"“{text[:20]}”可能是没有、否，也可能是不知道，不作猜测",
        help,
    )


def _converted(cell: Cell) -> FactError:
    return FactError(
        "E524",
        f"the spreadsheet has made a {cell.kind} of it: {cell.text}",
        f"表格软件已把它变成{'日期' if cell.kind is CellKind.DATE else '数字'}：{cell.text}",
        (
            "format the cell as text and enter it again: zeros in front may be lost",
            "请把单元格设为“文本”后重新输入：前面的零可能已经丢失",
        ),
    )


def _unfit(spec: FactSpec, text: str) -> FactError:
    return FactError(
        "E313",
        f"{text[:40]!r} is no {spec.type.kind}",
        f"此处不能填 {text[:40]}",
        ("see the column “How to fill in”", "请看“填写要求”一栏"),
    )


# ── from a fact to a cell ─────────────────────────────────────────────────────


def write_answer(spec: FactSpec, value: Any, vocabulary: Vocabulary, lang: str) -> str | int:
    """Return what a cell of the form shows for a value: text, a whole number for counts."""
    if not isinstance(value, Unknown):
        return _shown(spec, value, vocabulary, lang)
    lo, hi = value.lo, value.hi
    ends = [None if end is None else _shown(spec, end, vocabulary, lang) for end in (lo, hi)]
    if hi is None:
        return f"不低于{ends[0]}"
    if lo is None:
        return f"不高于{ends[1]}"
    return f"{ends[0]}至{ends[1]}"


def _shown(spec: FactSpec, value: Any, vocabulary: Vocabulary, lang: str) -> str | int:
    match spec.type.kind:
        case Kind.BOOL:
            return YES[lang] if value else NO[lang]
        case Kind.COUNT:
            return value if abs(value) < 10**15 else str(value)
        case Kind.MONEY:
            return _money(value)
        case Kind.RATIO:
            return _percent(value)
        case Kind.CHOICE:
            return choice_label(spec, value, lang)
        case Kind.REGION:
            return region_label(value, vocabulary, lang)
        case _:
            return value.isoformat() if isinstance(value, date) else str(value)


def region_label(code: str, vocabulary: Vocabulary, lang: str) -> str:
    """Return a region as the form offers it: ``640200 石嘴山市``."""
    region = vocabulary.regions.get(code)
    return code if region is None else f"{code} {region.name.get(lang)}"


def _money(fen: int) -> str:
    """Return money in the unit people would take, if 18 digits suffice for it."""
    texts = [short_money(fen)]
    for unit, size in MONEY_UNITS.items():
        texts.append(f"{exact_decimal(Fraction(fen, size), most=10)}{unit}")
    return next((text for text in texts if _reads_back(text, fen)), texts[0])


def _percent(value: Any) -> str:
    percent = exact_decimal(Fraction(value) * 100, most=20)
    texts = [] if percent is None else [f"{percent}%"]
    texts.append(f"{value.numerator}/{value.denominator}")
    return next((text for text in texts if _reads_back(text, value)), format_ratio(value))


def _reads_back(text: str, value: Any) -> bool:
    try:
        quantity = read_quantity(text)
    except QuantityError:
        return False
    return quantity is not None and quantity.value == value
