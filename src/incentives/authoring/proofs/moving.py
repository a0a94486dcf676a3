"""Whether an amount falls as its base rises: two profiles one step of one fact apart.

The facts of the base (``base``, the ``of`` of bands, a formula, the amounts of
rows) are raised one at a time: money by a fen, counts by one, a ratio by
anything. For whole numbers single steps say everything: an amount that falls
anywhere falls from some number to the next. What falls may be the amount, or
the grant itself where a condition stops holding; both are cliffs, and the two
profiles on the edge are shown.

The trap: a fact may enter a base with a minus; a step of it that lowers the
base is no question here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.expressions import unique
from incentives.authoring.proofs import numbers, words
from incentives.authoring.proofs.encode import Encoder
from incentives.authoring.proofs.numbers import Num
from incentives.authoring.proofs.profiles import Reader, UnwritableError
from incentives.authoring.proofs.results import Answer, Property, Verdict
from incentives.authoring.proofs.solver import choose, conj, disj, neg, z3
from incentives.authoring.proofs.world import MOST, Place
from incentives.language import core
from incentives.language.core import CompareOp, Role
from incentives.values.types import NUMERIC, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incentives.authoring.proofs.ground import Ground, Side
    from incentives.language.core import Expr

_BASES: Final = (Role.BASE, Role.FORMULA, Role.FIXED)


def monotone(ground: Ground) -> list[Answer]:
    """Ask of each fact of the base whether the award never falls when it rises."""
    version = ground.incentive.versions[-1]
    if ground.main.award is None or version.amount is None:
        return [Answer(Property.MONOTONE, Verdict.NOT_ASKED, words.NO_AMOUNT)]
    bases = _bases(version.amount)
    facts = sorted({(f.entity, f.name) for base in bases for f in _facts(base)})
    if not facts:
        return [Answer(Property.MONOTONE, Verdict.NOT_ASKED, words.NO_BASE)]
    return [_fact(ground, entity, name, bases) for entity, name in facts]


def _bases(amount: Expr) -> list[Expr]:
    """Return the sources of an amount; the rows of a table are sources too."""
    found: list[Expr] = []
    for node in unique(amount):
        if node.origin is not None and node.origin.role in _BASES:
            found.append(node)
        if isinstance(node, core.Pick):
            found += [value for _, value in node.rows]
    return found


def _facts(base: Expr) -> Iterator[core.Fact]:
    for node in unique(base):
        if isinstance(node, core.Fact) and node.type.kind in NUMERIC and not node.type.year:
            yield node


def _fact(ground: Ground, entity: str, name: str, bases: list[Expr]) -> Answer:
    fact = f"{entity}.{name}"
    moved, aside = _raised(ground, entity, name)
    encoder = Encoder(ground.world, moved)
    raised = ground.side(ground.main.rules, ground.main.incentive, encoder)
    before, after = ground.main, raised
    if before.award is None or after.award is None:
        return Answer(Property.MONOTONE, Verdict.NOT_ASKED, words.NO_AMOUNT, fact)
    rising = [
        numbers.compare(CompareOp.GE, encoder.num(base, b.scope), ground.encoder.num(base, a.scope))
        for base in bases
        if base.origin is not None and base.origin.role is Role.BASE
        for a, b in zip(before.decided.heads, after.decided.heads, strict=True)
    ]
    less = disj(
        numbers.compare(CompareOp.LT, getattr(after.award, end), getattr(before.award, end))
        for end in ("lo", "hi")
    )
    sure = [before.decided.settled, after.decided.settled, before.decided.eligible, *aside, *rising]
    known = disj((after.decided.eligible, neg(after.decided.undetermined)))
    few = [length <= 1 for length in ground.world.lengths.values()]
    # The plainest edge first; that there is none at all is what the last question says.
    for goals in (
        [*sure, *few, after.decided.eligible, less],
        [*sure, *few, known, less],
        [*sure, known, less],
    ):
        found = _edge(ground, raised, encoder, goals, fact)
        if found is not None:
            return found
    return Answer(Property.MONOTONE, Verdict.PROVED, words.rises(fact), fact)


def _raised(
    ground: Ground, entity: str, name: str
) -> tuple[Callable[[Place, str, Any, Num], Num], list[Any]]:
    """Return facts of which one is a step higher, and what says which one and that it may be."""
    world = ground.world
    spec = world.vocabulary.facts[entity, name]
    step: Any = 1 if spec.type.kind is not Kind.RATIO else z3.FreshReal("step")
    year, item = z3.FreshInt("year"), z3.FreshInt("item")
    aside: list[Any] = [] if isinstance(step, int) else [step > 0]

    def moved(place: Place, fact: str, at: Any, value: Num) -> Num:
        if (place.entity, fact) != (entity, name):
            return value
        here = conj(
            (
                True if at is None else year == at,
                True if place.index is None else item == place.index,
            )
        )
        return Num(choose(here, value.n + step, value.n), value.d, value.ok)

    symbols = [s for (p, n), s in world.symbols.items() if (p.entity, n) == (entity, name)]
    for symbol in symbols:
        values = list(symbol.years.values()) if spec.series else [None]
        for at in values:
            value = world.fact(symbol.place, name, at)
            if isinstance(value, Num):
                most = MOST if spec.hi is None else spec.hi
                aside.append(moved(symbol.place, name, at, value).n <= most)
    return moved, aside


def _edge(
    ground: Ground, raised: Side, encoder: Encoder, goals: list[Any], fact: str
) -> Answer | None:
    """Return the answer where the award falls, ``None`` where it never does."""
    solver = ground.solver(ground.encoder, encoder)
    model = solver.model(goals)
    if model is False:
        return None
    if model is None:
        return Answer(Property.MONOTONE, Verdict.UNDECIDED, words.NO_TIME, fact)
    model = ground.nicest(solver, goals, model)
    try:
        before, _ = ground.witness(model, ground.main, words.LESS)
        after, _ = ground.witness(model, raised, words.MORE)
    except UnwritableError:
        return Answer(Property.MONOTONE, Verdict.UNDECIDED, words.NO_TIME, fact)
    reader = Reader(ground.world, model)
    why = sorted(
        {
            c.id
            for a, b in zip(ground.main.decided.heads, raised.decided.heads, strict=True)
            for (c, was), (_, now) in zip(a.tests, b.tests, strict=True)
            if reader.holds(was.yes) and not reader.holds(now.yes)
        }
    )
    said = ground.incentive.versions[-1].decreasing is not None
    says = words.falls(fact, why, said=said)
    return Answer(
        Property.MONOTONE, Verdict.REFUTED, says, fact, not said, witnesses=(before, after)
    )
