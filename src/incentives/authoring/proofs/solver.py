"""The solver, imported when it is first used, and questions put to it.

``z3`` stands for the optional package everywhere in this part, so that
importing it costs nothing and its absence is one clear sentence.

The law kept: an answer is ``None`` when the time is over, never a guess. The
trap: Python's ``and`` and ``or`` ask a term whether it is true; the functions
here combine terms, and fold what is settled in Python already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class _Lazy:
    """The package ``z3``, once somebody asks for a name in it."""

    def __getattr__(self, name: str) -> Any:
        try:
            import z3 as package
        except ImportError:
            raise MissingExtraError(("proving", "证明"), "z3-solver", "prove") from None
        return getattr(package, name)


z3: Final[Any] = _Lazy()


def conj(parts: Iterable[Any]) -> Any:
    """Return whether all parts hold; a part is a term or a plain truth value."""
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return True if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def disj(parts: Iterable[Any]) -> Any:
    """Return whether any part holds."""
    kept = [part for part in parts if part is not False]
    if any(part is True for part in kept):
        return True
    return False if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def neg(part: Any) -> Any:
    """Return whether a part does not hold."""
    return not part if isinstance(part, bool) else z3.Not(part)


def implies(left: Any, right: Any) -> Any:
    """Return whether ``right`` holds wherever ``left`` does."""
    return disj((neg(left), right))


def choose(test: Any, then: Any, otherwise: Any) -> Any:
    """Return one of two terms, both numbers or both truth values."""
    if isinstance(test, bool):
        return then if test else otherwise
    if then is otherwise or (isinstance(then, bool | int) and then == otherwise):
        return then
    if isinstance(then, bool) or isinstance(otherwise, bool):
        return disj((conj((test, then)), conj((neg(test), otherwise))))
    return z3.If(test, then, otherwise)


def counted(tests: Iterable[Any]) -> Any:
    """Return how many of the tests hold."""
    return sum((choose(test, 1, 0) for test in tests), start=0)


EASE: Final = 2_000_000
"""Steps of the solver that one wish is worth: steps, not time, so that every machine agrees."""


class Solver:
    """A set of facts about the world that questions are asked under, each within a time."""

    def __init__(self, assumptions: Iterable[Any], seconds: int) -> None:
        self._solver = z3.Solver()
        self._solver.set("timeout", seconds * 1000)
        self._solver.add(*assumptions)

    def model(self, goals: Sequence[Any]) -> Any:
        """Return a model in which every goal holds, ``False`` if there is none.

        ``None``: not decided in time.
        """
        if any(goal is False for goal in goals):
            return False
        self._solver.push()
        try:
            self._solver.add(*(goal for goal in goals if goal is not True))
            return self._answer(self._solver.check())
        finally:
            self._solver.pop()

    def nicest(
        self,
        goals: Sequence[Any],
        wishes: Sequence[Any],
        least: Sequence[tuple[Any, Sequence[int]]],
        model: Any,
    ) -> Any:
        """Return the model of ``goals`` that a person reads easily, the same on every machine.

        Each wish is granted that agrees with those before it. Then each whole
        number of ``least`` comes as near to zero as it can, in the largest of its
        steps that was granted. What costs too much stays as it is in ``model``.
        """
        self._solver.push()
        self._solver.set("rlimit", EASE)
        try:
            self._solver.add(*(goal for goal in goals if goal is not True))
            kept: set[int] = set()
            for wish in wishes:
                if not isinstance(wish, bool):
                    model, granted = self._tried(wish, model)
                    kept |= {wish.get_id()} if granted else set()
            for term, steps in least:
                granted_steps = [step for step in steps if (term % step == 0).get_id() in kept]
                model = self._least(term, max(granted_steps, default=1), model)
            return model
        finally:
            self._solver.pop()
            self._solver.set("rlimit", 0)

    def _tried(self, wish: Any, model: Any) -> tuple[Any, bool]:
        """Keep a wish if it can be granted; return a model of all that is kept."""
        if not z3.is_true(model.eval(wish, model_completion=True)):
            found = self._answer(self._solver.check(wish))
            if found is None or found is False:
                return model, False
            model = found
        self._solver.add(wish)
        return model, True

    def _least(self, term: Any, step: int, model: Any) -> Any:
        """Bring a whole number as near to zero as it can come, above zero if it can."""
        if self._value(term, model) < 0:
            model, _ = self._tried(term >= 0, model)
            term = term if self._value(term, model) >= 0 else -term
        low, high = 0, self._value(term, model) // step
        while low < high:
            middle = (low + high) // 2
            found = self._answer(self._solver.check(term <= middle * step))
            if found is None:
                break
            if found is False:
                low = middle + 1
            else:
                model, high = found, self._value(term, found) // step
        self._solver.add(term == high * step)
        return model

    def _value(self, term: Any, model: Any) -> int:
        return int(model.eval(term, model_completion=True).as_long())

    def reasons(self, named: Sequence[tuple[str, Any]], goals: Sequence[Any]) -> tuple[str, ...]:
        """Return names of assumptions that already rule the goals out together."""
        self._solver.push()
        try:
            self._solver.add(*(goal for goal in goals if goal is not True))
            kept = [(name, term) for name, term in named if not isinstance(term, bool)]
            at = 0
            while at < len(kept):  # leave out one after another, while it is still ruled out
                rest = kept[:at] + kept[at + 1 :]
                if self._answer(self._solver.check(*self._flags(rest))) is False:
                    kept = rest
                else:
                    at += 1
            return tuple(name for name, _ in kept)
        finally:
            self._solver.pop()

    def _flags(self, named: Sequence[tuple[str, Any]]) -> list[Any]:
        flags = [z3.FreshBool("named") for _ in named]
        self._solver.add(*(z3.Implies(f, t) for f, (_, t) in zip(flags, named, strict=True)))
        return flags

    def _answer(self, found: Any) -> Any:
        if found == z3.sat:
            return self._solver.model()
        return False if found == z3.unsat else None
