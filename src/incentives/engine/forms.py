"""Values that move with one figure ``x``, and how far to the right they keep moving so.

A ``Form`` is ``(a + b·x) / (c + d·x)`` with its value at the point it was made
at. Every decision that is taken with a form (a sign, a smallest operand) shortens
the ``Reach``: the last whole ``x`` up to which the decision is certain to stay.
So what was computed at one point holds, without any sampling, on all of
[point, last].

Rounding makes stairs of a line: ``slack`` says how far they can be from it, and
``exact`` gives the stairs themselves as long as they only rise or only fall, so
that a decision about them ends at the very fen. Where neither settles a decision
the reach ends at the point itself, and the caller takes one step.

The trap: a form whose ``b`` is zero is still a form while it has slack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from incentives.diagnostics import IncentivesError
from incentives.values.rounding import Mode, round_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Number: TypeAlias = int | Fraction
Affine: TypeAlias = tuple[Number, Number]
Exact: TypeAlias = Callable[[int], Number]

ONE: Final[Affine] = (1, 0)


class CurveError(IncentivesError, ValueError):
    """A curve cannot be given: facts are missing, or the award does not run in straight pieces.

    ``zh`` says the same in Chinese; ``missing`` are the paths of the facts it waits for.
    """

    def __init__(
        self,
        message: str,
        zh: str = "金额与这一数额不成分段直线关系",
        missing: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.zh = zh
        self.missing = tuple(sorted(missing))


class ZeroDivisorError(CurveError):
    """A divisor is zero at the point in hand."""

    def __init__(self) -> None:
        super().__init__("a divisor is zero", "除数为零，无法计算")


@dataclass(frozen=True, slots=True)
class Form:
    """A value that moves with ``x``; ``den`` is positive wherever the form holds.

    ``exact`` is kept for a rounded value that rises or falls with its line.
    """

    at: Number
    num: Affine
    den: Affine = ONE
    slack: Number = 0
    exact: Exact | None = None


class Reach:
    """The whole numbers from ``x`` to ``last`` (``None``: no end) that one computation covers."""

    __slots__ = ("last", "x")

    def __init__(self, x: int) -> None:
        self.x = x
        self.last: int | None = None

    def end(self, last: int) -> None:
        """Shorten the reach; it always holds at least its own point."""
        last = max(last, self.x)
        if self.last is None or last < self.last:
            self.last = last

    def sign(self, value: Number | Form) -> int:
        """Return the sign of a value at ``x``; the reach ends where it may change."""
        if not isinstance(value, Form):
            return (value > 0) - (value < 0)
        (a, b), slack = value.num, value.slack
        here = (value.at > 0) - (value.at < 0)
        if value.exact is not None and b:
            self._on_stairs(value.exact, value, here)
            return here
        if here == 0:
            if b or slack:
                self.end(self.x)
            return 0
        a, b = a * here, b * here
        if a + b * self.x - slack <= 0:
            self.end(self.x)
        elif b < 0:
            edge = Fraction(a - slack) / -b
            self.end(-(-edge.numerator // edge.denominator) - 1)
        return here

    def _on_stairs(self, exact: Exact, line: Form, here: int) -> None:
        """End the reach at the last ``x`` where stairs that rise (or fall) keep their sign."""
        a, b = line.num
        side = 1 if b > 0 else -1
        if here * side > 0:
            return

        def stays(x: int) -> bool:
            return exact(x) * side < 0 or (here == 0 and exact(x) == 0)

        edge = Fraction(line.slack * side - a) / b
        low, high = self.x, max(self.x, -(-edge.numerator // edge.denominator)) + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if stays(middle) else (low, middle)
        self.end(low)


def is_number(value: Any) -> bool:
    """Say whether a value is a known number (a truth value is none)."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def lift(value: Number | Form) -> Form:
    """Return a number as a form that does not move."""
    return value if isinstance(value, Form) else Form(value, (value, 0))


def settle(form: Form) -> Number | Form:
    """Return a form that does not move as the number it is."""
    (a, b), (c, d) = form.num, form.den
    return form.at if not form.slack and a * d == b * c else form


def negative(value: Number | Form) -> Number | Form:
    """Return the value with its sign changed."""
    return times(value, -1)


def total(values: Sequence[Number | Form]) -> Number | Form:
    """Return the sum of values.

    Raises:
        CurveError: two quotients with different divisors do not add up to a form.
    """
    moving = [value for value in values if isinstance(value, Form) or value]
    if len(moving) == 1:
        return moving[0]  # the same form: it is compared with itself where caps follow caps
    forms = [lift(value) for value in moving]
    dens = {form.den for form in forms if form.den != ONE}
    if len(dens) > 1:
        raise CurveError("two quotients with different divisors are added")
    c, d = dens.pop() if dens else ONE
    a: Number = 0
    b: Number = 0
    for form in forms:
        p, q = form.num
        if form.den == ONE and (c, d) != ONE:
            if q or form.slack:
                raise CurveError("a quotient is added to an amount that moves with the same figure")
            p, q = p * c, p * d
        a, b = a + p, b + q
    at = sum((form.at for form in forms), start=0)
    slack = sum((form.slack for form in forms), start=0)
    return settle(Form(at, (a, b), (c, d), slack, _stairs(forms) if slack else None))


def _stairs(forms: Sequence[Form]) -> Exact | None:
    """Return the sum of stairs and lines that all rise, or all fall."""
    parts: list[Exact] = []
    if len({form.num[1] > 0 for form in forms if form.num[1]}) > 1:
        return None
    for form in forms:
        if form.den != ONE or (form.slack and form.exact is None):
            return None
        parts.append(form.exact or _along(form.num))
    return lambda x: sum((part(x) for part in parts), start=0)


def _along(num: Affine) -> Exact:
    return lambda x: num[0] + num[1] * x


def times(left: Number | Form, right: Number | Form) -> Number | Form:
    """Return the product of a value and a number.

    Raises:
        CurveError: both move; the product would be curved.
    """
    if isinstance(left, Form) and isinstance(right, Form):
        raise CurveError("two values that move with the same figure are multiplied")
    if isinstance(right, Form):
        left, right = right, left
    if not isinstance(left, Form):
        return left * lift(right).at
    k = lift(right).at
    num = (left.num[0] * k, left.num[1] * k)
    stairs = left.exact
    exact: Exact | None = None if stairs is None else lambda x: stairs(x) * k
    return settle(Form(left.at * k, num, left.den, left.slack * (k if k > 0 else -k), exact))


def over(left: Number | Form, right: Number | Form, reach: Reach) -> Number | Form:
    """Return ``left / right``; the reach ends before the divisor crosses zero.

    Raises:
        ZeroDivisorError: the divisor is zero at the point.
        CurveError: either side is a quotient already.
    """
    below = lift(right)
    if below.at == 0:
        raise ZeroDivisorError
    if not isinstance(right, Form):
        return times(left, Fraction(1) / right)
    above = lift(left)
    if above.den != ONE or below.den != ONE or above.slack or below.slack:
        raise CurveError("a quotient of quotients, or of rounded amounts")
    side = reach.sign(below)
    num = (above.num[0] * side, above.num[1] * side)
    den = (below.num[0] * side, below.num[1] * side)
    return settle(Form(Fraction(above.at) / below.at, num, den))


def gap(left: Number | Form, right: Number | Form) -> Number | Form:
    """Return a value whose sign is that of ``left - right`` all along.

    Raises:
        CurveError: two quotients with different divisors are compared.
    """
    one, two = lift(left), lift(right)
    if one.den == two.den == ONE:
        return total([one, negative(two)])
    if one.den == two.den:
        num = (one.num[0] - two.num[0], one.num[1] - two.num[1])
        return settle(Form(one.at - two.at, num))
    if two.den != ONE:
        return negative(gap(two, one))
    if two.num[1] or two.slack or one.slack:
        raise CurveError("a quotient is compared with an amount that moves with the same figure")
    k = two.num[0]
    return Form(one.at - k, (one.num[0] - k * one.den[0], one.num[1] - k * one.den[1]))


def extreme(values: Sequence[Number | Form], reach: Reach, *, largest: bool) -> Number | Form:
    """Return the smallest (or largest) value; the reach ends where another one takes over."""
    side = -1 if largest else 1
    best = min(values, key=lambda value: side * lift(value).at)
    for value in values:
        if value is not best:
            reach.sign(gap(value, best))
    return best


def rounded(value: Form, quantum: Number, mode: Mode) -> Form:
    """Return a value rounded at its point; the form stays, its slack grows.

    There is no slack where the form gives a multiple of the quantum for every whole ``x``.
    """
    if value.den != ONE:
        raise CurveError("a quotient is rounded")
    if not value.slack and all(part % quantum == 0 for part in value.num):
        return value
    most = Fraction(quantum) / 2 if mode in {Mode.HALF_UP, Mode.HALF_EVEN} else quantum
    at = round_to(value.at, quantum, mode)
    stairs = value.exact if value.slack else _along(value.num)
    exact: Exact | None = None if stairs is None else lambda x: round_to(stairs(x), quantum, mode)
    return Form(at, value.num, ONE, value.slack + most, exact)
