"""How the cells of one column become values: by SQL where they are plain, else one by one.

A ``Route`` says of a column which cells are *plain*, so that SQL alone gives their
value, and reads every other distinct cell as a profile would (``rulebook.facts``).
What is plain is always a part of what a profile takes, with the same value.

The laws kept (``tests/unit/batch/test_cells.py``): a cell on the plain way and the same
cell read one by one have one value; a float, or a number whose unit nobody declared,
is refused with what to write instead.

The trap: DuckDB's cast of a text or a decimal to a decimal with fewer places rounds. A
cell is plain only if nothing is there to round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from incentives.batch.sql import trees
from incentives.batch.sql.trees import BIGINT, VARCHAR
from incentives.rulebook.cell_facts import PLAIN_RATIO, from_number, from_text
from incentives.values.types import ORDERED, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    from incentives.language.names import FactSpec
else:
    from incentives.batch.sql import sqltree as exp

WHOLES: Final = frozenset(
    {
        "tinyint", "smallint", "integer", "bigint", "hugeint",
        "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
    }
)  # fmt: skip
FLOATS: Final = frozenset({"float", "double"})
TEXTS: Final = frozenset({"varchar", "enum"})
TIMES: Final = frozenset(
    {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
)
_BETWEEN: Final = "\x1f"
SAFE: Final = 10**18
"""What a plain whole number stays below; a profile takes at most 18 digits."""

MOST_PLACES: Final = 18
"""By how many places SQL moves a point; what needs more is read one by one."""
_FEN_PLACES: Final = {"分": 0, "元": 2, "万元": 6, "亿元": 10}
_RATIO_PLACES: Final = {PLAIN_RATIO: 0, "%": 2, "‰": 3}
_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TEXT: Final = r"(?:[!-~一-龥（）·](?:[ -~一-龥（）·]*[!-~一-龥（）·])?)"
"""Texts without a sign that could be invisible, and without blanks around them."""


@dataclass(frozen=True, slots=True)
class CellType:
    """The type of a column as DuckDB has it: ``decimal`` with its width and scale.

    ``bounds`` is a STRUCT of ``at_least``, ``at_most`` or both, whose types are the ``ends``.
    """

    id: str
    width: int = 0
    scale: int = 0
    ends: tuple[tuple[str, CellType], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a column's cells.

    ``key``: what tells cells apart, as one by one reading sees them. ``value``: the value
    of a plain cell. ``range``: the least and greatest plain cell, where plain means
    between them; else ``plain`` says it. ``listed``: the column has few different
    cells, and all of them are read one by one.
    """

    key: exp.Expr
    value: exp.Expr
    read: Callable[[Any], Any]
    plain: exp.Expr
    range: tuple[Any, Any] | None = None
    listed: bool = False
    scale: int = 1


def route(spec: FactSpec, unit: str | None, column: str, kind: CellType) -> Route:
    """Return the way of a column whose type fits its fact (``headers`` has checked that)."""
    cell = trees.col(column)
    if kind.id in TEXTS:
        return _text_route(spec, unit, cell if kind.id == "varchar" else trees.cast(cell, VARCHAR))
    if kind.id == "boolean":
        return Route(cell, cell, lambda raw: raw, exp.true())
    if kind.id == "date":
        return _date_route(spec, cell)
    if kind.id == "bounds":
        return _bounds_route(spec, unit, cell, kind)
    return _number_route(spec, unit, cell, kind)


def _date_route(spec: FactSpec, cell: exp.Expr) -> Route:
    low = date.min if spec.lo is None else spec.lo
    high = date.max if spec.hi is None else spec.hi
    key = trees.cast(cell, VARCHAR)  # a day of DuckDB's can lie beyond the years 1 to 9999
    plain = trees.between(cell, trees.day(low), trees.day(high))
    return Route(key, cell, lambda raw: raw, plain, (low, high))


def _bounds_route(spec: FactSpec, unit: str | None, cell: exp.Expr, kind: CellType) -> Route:
    """Ends of a range: what is known of them is for the single engine, so all are read."""

    def read(raw: Any) -> Any:
        shown = zip(kind.ends, raw.split(_BETWEEN), strict=True)
        ends = {name: _end(spec, unit, of, text) for (name, of), text in shown if text}
        return {name: end for name, end in ends.items() if end is not None} or None

    texts: list[exp.Expr] = []
    for name, _ in kind.ends:
        end = trees.call("struct_extract", cell, trees.text(name))
        shown = exp.func("COALESCE", trees.cast(end, VARCHAR), trees.text(""))
        texts += [shown, trees.text(_BETWEEN)]
    key = trees.call("concat", *texts[:-1])
    nothing = exp.Is(this=cell.copy(), expression=exp.null())
    return Route(trees.when(nothing, exp.null(), key), exp.null(), read, exp.false(), listed=True)


def _end(spec: FactSpec, unit: str | None, kind: CellType, text: str) -> Any:
    if kind.id in WHOLES or kind.id == "decimal":
        return from_number(spec, unit, Decimal(text))
    return from_text(spec, unit, text)


def _number_route(spec: FactSpec, unit: str | None, cell: exp.Expr, kind: CellType) -> Route:
    """Whole numbers and decimals: plain where the shift of the point leaves no rest."""

    def read(raw: Any) -> Any:
        return from_number(spec, unit, Decimal(raw))

    key = trees.cast(cell, VARCHAR)
    places, scale = _places(spec, unit, kind)
    if kind.scale > places or places > MOST_PLACES:
        return Route(key, exp.null(), read, exp.false(), listed=True, scale=scale)
    low, high = _ends(spec, scale)
    shift = 10**places
    ends = (_down(low, shift, kind.scale), _up(high, shift, kind.scale))
    value = cell if places == 0 else _shift(cell, kind.scale, places)
    plain = trees.between(cell, *(trees.whole_or_decimal(end, kind.scale) for end in ends))
    return Route(key, trees.try_cast(value, BIGINT), read, plain, ends, scale=scale)


def _places(spec: FactSpec, unit: str | None, kind: CellType) -> tuple[int, int]:
    """Return by how many places the point moves, and what the ratio is then multiplied by."""
    match spec.type.kind:
        case Kind.MONEY:
            return _FEN_PLACES[unit or ""], 1
        case Kind.RATIO:
            return kind.scale, int(10 ** (kind.scale + _RATIO_PLACES[unit or ""]))
        case _:
            return 0, 1


def _ends(spec: FactSpec, scale: int) -> tuple[int, int]:
    """Return the least and greatest value in the column's whole numbers."""
    most = (SAFE // 10 if spec.type.kind is Kind.RATIO else SAFE) - 1  # 3/1 has one digit more
    low = -most if spec.lo is None else max(-most, ceil(Fraction(spec.lo) * scale))
    high = most if spec.hi is None else min(most, floor(Fraction(spec.hi) * scale))
    return low, high


def _down(low: int, shift: int, scale: int) -> int | Decimal:
    return _cell_of(ceil(Fraction(low * 10**scale, shift)), scale)


def _up(high: int, shift: int, scale: int) -> int | Decimal:
    return _cell_of(floor(Fraction(high * 10**scale, shift)), scale)


def _cell_of(unscaled: int, scale: int) -> int | Decimal:
    return unscaled if scale == 0 else Decimal(unscaled).scaleb(-scale)


def _shift(number: exp.Expr, scale: int, places: int) -> exp.Expr:
    """Return a number times a power of ten.

    Of more than 18 digits, for DuckDB keeps the product of two shorter ones to 18 and raises.
    """
    wide = trees.try_cast(number, f"DECIMAL({37 - places}, {scale})")
    shift = trees.cast(trees.whole(10**places), f"DECIMAL({places + 1}, 0)")
    return exp.Mul(this=wide, expression=shift)


def _text_route(spec: FactSpec, unit: str | None, cell: exp.Expr) -> Route:
    def read(raw: Any) -> Any:
        return from_text(spec, unit, raw)

    match spec.type.kind:
        case Kind.TEXT:
            plain = _uscc(cell) if spec.check else trees.matches(cell, _TEXT)
            return Route(cell, cell, read, plain)
        case Kind.COUNT:
            value = trees.try_cast(cell, BIGINT)
            return Route(cell, value, read, _plain_text(spec, cell, value, "-?[0-9]{1,17}"))
        case Kind.MONEY:
            return Route(cell, *_money_text(spec, unit, cell, read))
        case _:
            return Route(cell, cell, read, exp.false(), listed=True)


def _plain_text(spec: FactSpec, cell: exp.Expr, value: exp.Expr, pattern: str) -> exp.Expr:
    low, high = _ends(spec, 1)
    inside = trees.between(value, trees.whole(low), trees.whole(high))
    return exp.func("COALESCE", exp.and_(trees.matches(cell, pattern), inside), exp.false())


def _money_text(
    spec: FactSpec, unit: str | None, cell: exp.Expr, read: Callable[[Any], Any]
) -> tuple[exp.Expr, Callable[[Any], Any], exp.Expr]:
    """Plain amounts: ``1,234,567.85元``, ``12.5万元``; below a unit, plain decimal numbers."""
    if unit is not None:
        value = _decimal(cell, unit)
        return value, read, _plain_text(spec, cell, value, _NUMBER[unit])
    pattern = "|".join(f"(?:{_NUMBER[each]}{each})" for each in ("元", "万元"))
    in_yuan = _decimal(trees.call("replace", cell, trees.text("元"), trees.text("")), "元")
    in_wan = _decimal(trees.call("replace", cell, trees.text("万元"), trees.text("")), "万元")
    value = trees.when(trees.call("suffix", cell, trees.text("万元")), in_wan, in_yuan)
    return value, read, _plain_text(spec, cell, value, pattern)


_GROUPED: Final = r"[0-9]{1,3}(?:,[0-9]{3}){1,2}"
_NUMBER: Final = {
    "分": rf"-?(?:[0-9]{{1,17}}|{_GROUPED})",
    "元": rf"-?(?:[0-9]{{1,15}}|{_GROUPED})(?:\.[0-9]{{1,2}})?",
    "万元": rf"-?(?:[0-9]{{1,11}}|{_GROUPED})(?:\.[0-9]{{1,6}})?",
    "亿元": r"-?[0-9]{1,7}(?:\.[0-9]{1,10})?",
}
"""Decimal numbers that are whole fen in a unit, and of fewer than 18 digits."""


def _decimal(number: exp.Expr, unit: str) -> exp.Expr:
    """Return the fen that a plain decimal number of a unit is."""
    places = _FEN_PLACES[unit]
    digits = trees.call("replace", number, trees.text(","), trees.text(""))
    return trees.try_cast(_shift(digits, places, places), BIGINT)


def _uscc(cell: exp.Expr) -> exp.Expr:
    """Whether a credit code has its form and its check character (GB 32100-2015)."""
    signs = trees.text(_USCC)

    def worth(place: int) -> exp.Expr:
        sign = trees.call("substr", cell, trees.whole(place + 1), trees.whole(1))
        at = exp.Sub(this=trees.call("strpos", signs, sign), expression=trees.whole(1))
        weight = trees.whole(pow(3, place, 31) if place < 17 else 1)
        return exp.Mul(this=exp.Paren(this=at), expression=weight)

    total: exp.Expr = worth(0)
    for place in range(1, 18):
        total = exp.Add(this=total, expression=worth(place))
    fits = exp.EQ(
        this=exp.Mod(this=exp.Paren(this=total), expression=trees.whole(31)),
        expression=trees.whole(0),
    )
    return trees.when(trees.matches(cell, f"[{_USCC}]{{18}}"), fits, exp.false())


def fits(spec: FactSpec, kind: CellType, unit: str | None) -> bool:
    """Say whether a column of a type can hold a fact at all."""
    if kind.id in TEXTS or kind.id == "null":
        return True
    if kind.id == "bounds":
        return spec.type.kind in ORDERED and all(fits(spec, of, unit) for _, of in kind.ends)
    is_number = kind.id in WHOLES or kind.id == "decimal"
    match spec.type.kind:
        case Kind.BOOL:
            return kind.id == "boolean"
        case Kind.DATE:
            return kind.id == "date"
        case Kind.COUNT:
            return is_number
        case Kind.MONEY:
            return is_number and unit in _FEN_PLACES
        case Kind.RATIO:
            return is_number and unit in _RATIO_PLACES
        case _:
            return False
