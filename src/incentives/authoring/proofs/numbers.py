"""Exact numbers as terms: a numerator over a denominator, and the only rounding.

A value is ``n / d`` with ``d`` greater than zero: a plain whole number in
nearly every rule, a term only after a division by a fact. ``ok`` says where
there is a value at all: a division by zero leaves none.

The law kept (``tests/property/test_proofs.py``): with facts put in, a term gives
what ``language.semantics`` gives. The trap: the solver's ``/`` on whole numbers
floors for a divisor above zero, which is what is wanted only because ``d`` is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from incentives.authoring.proofs.solver import choose, conj, disj, neg, z3
from incentives.language.core import CompareOp
from incentives.values.rounding import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Num:
    """A number: ``n`` over ``d``, wherever ``ok`` holds."""

    n: Any
    d: Any = 1
    ok: Any = True


def number(value: int | Fraction) -> Num:
    """Return a figure."""
    return Num(value.numerator, value.denominator)


def aligned(parts: Sequence[Num]) -> tuple[list[Any], Any]:
    """Return the numerators over one denominator, and that denominator."""
    if all(isinstance(part.d, int) for part in parts):
        common = lcm(*(part.d for part in parts))
        return [times(part.n, common // part.d) for part in parts], common
    product: Any = 1
    for part in parts:
        product = times(product, part.d)
    found = []
    for at, part in enumerate(parts):
        scaled = part.n
        for other in (*parts[:at], *parts[at + 1 :]):
            scaled = times(scaled, other.d)
        found.append(scaled)
    return found, product


def times(a: Any, b: Any) -> Any:
    """Return a product without needless terms."""
    if isinstance(a, int) and a in {0, 1}:
        return a * b if isinstance(b, int) else b if a else 0
    if isinstance(b, int) and b in {0, 1}:
        return a if b else 0
    return a * b


def add(parts: Sequence[Num]) -> Num:
    """Return the exact sum."""
    numerators, d = aligned(parts) if parts else ([], 1)
    return Num(sum(numerators, start=0), d, conj(part.ok for part in parts))


def minus(part: Num) -> Num:
    """Return the number with its sign changed."""
    return Num(-part.n, part.d, part.ok)


def mul(a: Num, b: Num) -> Num:
    """Return the exact product."""
    n, d = times(a.n, b.n), times(a.d, b.d)
    for x in (a, b):  # 10 % of a figure in whole fen: keep the denominator small
        if isinstance(x.n, int) and isinstance(d, int) and x.n:
            other = b if x is a else a
            common = gcd(x.n, d)
            n, d = times(x.n // common, other.n), d // common
            break
    return Num(n, d, conj((a.ok, b.ok)))


def div(a: Num, b: Num) -> Num:
    """Return the exact quotient; there is none where the divisor is zero."""
    if isinstance(b.n, int) and isinstance(b.d, int):
        if b.n == 0:
            return Num(0, 1, ok=False)
        inverse = number(Fraction(b.d, b.n))
        return mul(Num(a.n, a.d, conj((a.ok, b.ok))), inverse)
    n, d = times(a.n, b.d), times(a.d, b.n)
    positive = b.n > 0
    # Where there is no quotient the denominator is still above zero: a branch that is
    # not taken must not disturb what it is compared with.
    below = choose(positive, d, choose(b.n < 0, -d, 1))
    return Num(choose(positive, n, -n), below, conj((a.ok, b.ok, b.n != 0)))


def compare(op: CompareOp, a: Num, b: Num) -> Any:
    """Return whether ``a op b`` holds, where both are numbers."""
    (left, right), _ = aligned([a, b])
    match op:
        case CompareOp.EQ:
            return left == right
        case CompareOp.NE:
            return left != right
        case CompareOp.LT:
            return left < right
        case CompareOp.LE:
            return left <= right
        case CompareOp.GT:
            return left > right
        case CompareOp.GE:
            return left >= right


def either(test: Any, a: Num, b: Num, ok: Any = None) -> Num:
    """Return ``a`` where ``test`` holds, else ``b``."""
    ok = choose(test, a.ok, b.ok) if ok is None else ok
    if not (isinstance(a.d, int) and isinstance(b.d, int)):
        return Num(choose(test, a.n, b.n), choose(test, a.d, b.d), ok)
    (left, right), d = aligned([a, b])
    return Num(choose(test, left, right), d, ok)


def smallest(parts: Sequence[Num]) -> Num:
    """Return the smallest of one or more numbers."""
    return _best(parts, lambda a, b: a <= b)


def largest(parts: Sequence[Num]) -> Num:
    """Return the largest of one or more numbers."""
    return _best(parts, lambda a, b: a >= b)


def _best(parts: Sequence[Num], better: Callable[[Any, Any], Any]) -> Num:
    best = parts[0]
    for part in parts[1:]:
        (left, right), d = aligned([best, part])
        best = Num(choose(better(left, right), left, right), d, conj((best.ok, part.ok)))
    return best


def round_to(x: Num, quantum: Num, mode: Mode) -> Num:
    """Return ``x`` as a multiple of ``quantum``, a figure; see ``values.rounding``."""
    n, d = times(x.n, quantum.d), times(x.d, quantum.n)
    whole = isinstance(n, int) or z3.is_int(n)
    if whole and isinstance(d, int) and d == 1:
        return x
    if isinstance(n, int) and isinstance(d, int):
        n = z3.IntVal(n)
    if whole:
        count, rest = n / d, n % d
    else:
        count = z3.ToInt(n / d)
        rest = n - count * d
    upper = conj((rest != 0, _takes_upper(count, 2 * rest, d, mode)))
    return Num(times(choose(upper, count + 1, count), quantum.n), quantum.d, x.ok)


def _takes_upper(count: Any, twice: Any, whole: Any, mode: Mode) -> Any:
    match mode:
        case Mode.DOWN:
            return count < 0
        case Mode.UP:
            return count >= 0
        case Mode.HALF_UP:
            return disj((twice > whole, conj((twice == whole, count >= 0))))
        case Mode.HALF_EVEN:
            return disj((twice > whole, conj((twice == whole, neg(count % 2 == 0)))))
