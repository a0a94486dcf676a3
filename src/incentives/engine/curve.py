"""An award as a function of one figure of a known profile: straight pieces, kinks and jumps.

Exact, not sampled: ``engine.trace`` says how far to the right the line at a point
holds, and the curve goes from point to point. The incentive's award is taken
after its totals and before groups and splits; of a ceiling it is the ceiling.
The ends of every piece are checked against what the engine decides.

What is promised: for every whole ``x`` of a segment the award differs from the
line by at most ``slack``, which comes from rounding alone (zero where nothing is
rounded); the first and last amounts of a segment are the engine's own.

Limits, each a ``CurveError`` with the reason: a fact that is still missing; a
product or quotient of two things that move together; an amount already decided;
more than ``MAX_STEPS`` pieces, as when a rounded amount is compared all along.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import InternalError, UnknownIncentiveError
from incentives.engine.environment import environment
from incentives.engine.evaluation import Evaluation
from incentives.engine.forms import ONE, CurveError, Form, Number, Reach, ZeroDivisorError, lift
from incentives.engine.results import unknown_incentive
from incentives.engine.trace import Base, Moving, Trace
from incentives.language.names import DECIDED, RECEIVED
from incentives.rulebook.model import LegalStatus
from incentives.values.types import Kind
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from datetime import date

    from incentives.engine.outcome import Outcome, Status
    from incentives.engine.plan import Plan
    from incentives.rulebook.profile import Profile, Record

MAX_STEPS: Final = 2_000


class BreakKind(StrEnum):
    """How two pieces meet."""

    KINK = "kink"
    JUMP = "jump"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece: for whole ``x`` from ``start`` to ``stop`` (``None``: for ever).

    The award is ``level + slope·x`` fen, give or take ``slack``; ``first`` and
    ``last`` are the amounts at the ends (``last`` is ``None`` without an end).
    """

    start: int
    stop: int | None
    status: Status
    level: Number
    slope: Number
    slack: Number
    first: int
    last: int | None

    def line(self, x: Number) -> Fraction:
        """Return the amount on the line at ``x``, before rounding."""
        return Fraction(self.level) + Fraction(self.slope) * x


@dataclass(frozen=True, slots=True)
class Break:
    """Where two pieces meet, at the exact figure ``at``.

    A kink lies where the lines cross (perhaps between two fen, and with rounding
    perhaps a few steps before the new piece decides); a jump or a mere
    change of status is at the first ``x`` of the new piece. ``before`` and
    ``after`` are the amounts at the last ``x`` before it and the first from it on.
    """

    kind: BreakKind
    at: Number
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The award of ``incentive`` over the fact ``base``; ``money`` is false over a count.

    ``stated`` is the figure the profile states (``None`` where it states none);
    ``ceiling`` says that a payer decides an amount up to the curve.
    """

    incentive: str
    base: str
    money: bool
    ceiling: bool
    stated: int | None
    segments: tuple[Segment, ...]

    @property
    def breaks(self) -> tuple[Break, ...]:
        """Every place where one piece ends and another begins, ascending."""
        pairs = zip(self.segments, self.segments[1:], strict=False)
        return tuple(_break(left, right) for left, right in pairs)

    @property
    def is_flat(self) -> bool:
        """Whether the figure changes nothing."""
        return len({segment.level for segment in self.segments}) == 1 and not any(
            segment.slope for segment in self.segments
        )

    def segment(self, x: int) -> Segment:
        """Return the piece that ``x`` lies on.

        Raises:
            ValueError: the curve does not reach ``x``.
        """
        for each in self.segments:
            if each.start <= x and (each.stop is None or x <= each.stop):
                return each
        raise ValueError(f"the curve does not reach {x}")


def curve(
    plan: Plan,
    incentive: str,
    base: str,
    profile: Profile,
    on: date,
    *,
    assume_no_history: bool = False,
) -> Curve:
    """Return the exact curve of one incentive over one money or count fact of a profile.

    Args:
        plan: the compiled rules (``Rulebook.plan``).
        incentive: the id, ``document/incentive``; a draft is decided as a draft.
        base: the path of the fact that moves: ``contract[1].performed_amount``,
            ``applicant.rd_expense.2023``; ``profile`` may state it or not.
        profile: every other fact that the award needs.
        on: the date of assessment.
        assume_no_history: an absent past means that nothing was received.

    Returns:
        The curve from the fact's least value to its greatest (fen, or a count);
        where the least is zero and divides something, from the next one.

    Raises:
        CurveError: there is no such curve; the message says why.
        UnknownIncentiveError: no incentive has that id.
    """
    owner = plan.rules.incentives.get(incentive)
    if owner is None:
        raise UnknownIncentiveError(unknown_incentive(incentive, sorted(plan.rules.incentives)))
    found, record = _base(profile, base)
    drafts = owner.document.legal_status is LegalStatus.DRAFT
    walker = _Walker(
        plan, incentive, found, profile, on, drafts=drafts, no_history=assume_no_history
    )
    spec, value = record.specs[found.name], record.get(found.key)
    stated = value if isinstance(value, int) else None
    low = min(0, stated or 0) if spec.lo is None else spec.lo
    ceiling, pieces = walker.pieces(low, spec.hi)
    return Curve(incentive, base, spec.type.kind is Kind.MONEY, ceiling, stated, pieces)


def _base(profile: Profile, path: str) -> tuple[Base, Record]:
    """Return the fact that a path names, and the record it stands in."""
    found = profile.place(path)
    if found is not None and not path.startswith((f"{RECEIVED}[", f"{DECIDED}[")):
        record, key = found  # the past is looked up, not computed with
        name = key[0] if isinstance(key, tuple) else key
        spec = record.specs[name]
        if spec.type.kind not in {Kind.MONEY, Kind.COUNT}:
            raise CurveError(f"{path} is no amount and no count", f"{path} 不是金额，也不是数量")
        return Base(spec.entity, name, record.path, key), record
    raise CurveError(f"the profile has no place for {path}", f"资料中没有 {path} 这一项")


class _Walker:
    """Goes from piece to piece, and asks the engine at the ends."""

    def __init__(
        self,
        plan: Plan,
        incentive: str,
        base: Base,
        profile: Profile,
        on: date,
        *,
        drafts: bool,
        no_history: bool,
    ) -> None:
        self.plan = plan
        self.incentive = incentive
        self.base = base
        self.profile = profile
        self.on = on
        self.drafts = drafts
        self.no_history = no_history
        self.moving = Moving(plan, base)

    def pieces(self, low: int, high: int | None) -> tuple[bool, tuple[Segment, ...]]:
        """Return whether it is a ceiling, and the pieces from ``low`` on."""
        x, steps, ceiling = self._start(low), 0, False
        found: list[Segment] = []
        while True:
            steps += 1
            if steps > MAX_STEPS:
                raise CurveError(
                    f"more than {MAX_STEPS} pieces: a rounded amount decides all along"
                )
            done = self.at(x)
            outcome = done[self.incentive]
            ceiling |= isinstance(outcome.value, Unknown)
            piece = self.piece(x, done, outcome, high)
            _append(found, piece)
            if found[-1].stop is None or found[-1].stop == high:
                break
            x = found[-1].stop + 1
        return ceiling, tuple(self.checked(each) for each in found)

    def _start(self, low: int) -> int:
        """Return where the curve begins: one further on where the least figure divides by zero."""
        try:
            done = self.at(low)
            self.piece(low, done, done[self.incentive], None)
        except ZeroDivisorError:
            return low + 1
        return low

    def piece(self, x: int, done: Evaluation, outcome: Outcome, high: int | None) -> Segment:
        """Return the piece that begins at ``x``, as far as one line holds."""
        reach = Reach(x)
        if high is not None:
            reach.end(high)
        traced = Trace(self.moving, done, reach).award(self.plan.by_id[self.incentive])
        form = lift(traced.value if traced.granted else 0)
        amount = _amount(outcome)
        if form.den != ONE:
            raise CurveError("the award is a quotient of the figure: it runs in no straight line")
        if amount != form.at:
            raise InternalError(
                f"the curve of {self.incentive} gives {form.at} at {x}, the engine {amount}"
            )
        a, b = form.num
        return Segment(x, reach.last, outcome.status, a, b, form.slack, amount, None)

    def checked(self, piece: Segment) -> Segment:
        """Return a piece with its last amount, after holding it against the engine."""
        if piece.stop is None:
            probe = 2 * piece.start + 1
            self._hold(piece, probe, self._engine(probe))
            return piece
        last = self._engine(piece.stop)
        self._hold(piece, piece.stop, last)
        return Segment(
            piece.start,
            piece.stop,
            piece.status,
            piece.level,
            piece.slope,
            piece.slack,
            piece.first,
            last,
        )

    def _engine(self, x: int) -> int:
        return _amount(self.at(x)[self.incentive])

    def _hold(self, piece: Segment, x: int, amount: int) -> None:
        if abs(amount - piece.line(x)) > piece.slack:
            raise InternalError(
                f"the curve of {self.incentive} gives {piece.line(x)} at {x}, the engine {amount}"
            )

    def at(self, x: int) -> Evaluation:
        """Return the engine's answers with the figure at ``x``."""
        profile = self.profile.with_facts({self.base.path: x})
        env = environment(profile, self.on, {}, no_history=self.no_history)
        return Evaluation(self.plan, env, drafts=self.drafts)


def _amount(outcome: Outcome) -> int:
    """Return what an outcome gives, the ceiling of a ceiling.

    Raises:
        CurveError: it gives no amount, or a fact is missing.
    """
    missing = outcome.missing - {DECIDED}  # a ceiling waits for a decision, always
    if missing:
        raise CurveError(f"not known: {', '.join(sorted(missing))}", "还有事实未知", missing)
    if outcome.faults:
        raise CurveError("an amount cannot be computed", "有一个数无法计算")
    high = bounds(outcome.award)[1]
    if outcome.value is None or high is None:
        raise CurveError("there is no amount", "本项不给出金额")
    return int(high)


def _append(found: list[Segment], piece: Segment) -> None:
    """Add a piece; one that goes on along the line before it lengthens that one.

    A lone point that lies on a neighbour's line (the engine's amount, within the
    neighbour's slack) belongs to that neighbour.
    """
    if found:
        last = found[-1]
        if last.status is piece.status and (_line(last) == _line(piece) or _on(last, piece)):
            found[-1] = _joined(last, piece, last)
            return
        if last.status is piece.status and _on(piece, last):
            found[-1] = _joined(last, piece, piece)
            if (
                len(found) > 1
                and _line(found[-2]) == _line(piece)
                and found[-2].status is piece.status
            ):
                _append(found, found.pop())
            return
    found.append(piece)


def _line(piece: Segment) -> tuple[Number, Number]:
    return piece.level, piece.slope


def _on(piece: Segment, point: Segment) -> bool:
    """Say whether ``point`` is a lone point on the line of ``piece``."""
    alone = point.start == point.stop
    return alone and abs(point.first - piece.line(point.start)) <= piece.slack


def _joined(left: Segment, right: Segment, line: Segment) -> Segment:
    same = _line(left) == _line(right)
    slack = max(Fraction(left.slack), right.slack) if same else line.slack
    return Segment(
        left.start, right.stop, left.status, line.level, line.slope, slack, left.first, None
    )


def _break(left: Segment, right: Segment) -> Break:
    if left.stop is None or left.last is None:
        raise InternalError("a piece without an end is followed by another")
    before, after = left.last, right.first
    turn = Fraction(left.slope) - right.slope
    if turn:
        crossing = Fraction(right.level - left.level) / turn
        apart = abs(left.line(right.start) - right.line(right.start))
        slack = Fraction(left.slack) + right.slack
        near = slack > 0 and apart <= slack + abs(turn)
        if left.stop <= crossing <= right.start or near:
            at = crossing.numerator if crossing.denominator == 1 else crossing
            return Break(BreakKind.KINK, at, before, after)
    kind = BreakKind.STATUS if left.line(right.start) == right.line(right.start) else BreakKind.JUMP
    return Break(kind, right.start, before, after)


__all__ = ["Break", "BreakKind", "Curve", "CurveError", "Form", "Segment", "curve"]
