"""The engine's closures against the reference, one expression at a time.

An expression is checked, lowered and compiled once, then evaluated by both over the product of
the values of the facts it mentions. Compared are values and the ends of ranges, exactly. Of each
value that is not known it is then asked, with the same results: does it name a fact that is
known; does a fact it does not name change it; does learning one it names widen it.

As a script: ``python -m tests.reference.expressions --evaluations 5000000 --seed 1``. All small
expressions come first (every n-th where the number is too small for all), random ones fill up.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import math
import multiprocessing
import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tests.reference import generate, grammar
from tests.reference.language import Scope, tree
from tests.reference.sides import APPLICANT, Variable, alike, both, inside, same

from incentives.engine.compile import compile_expr
from incentives.engine.environment import ON
from incentives.language.functions import check
from incentives.language.names import AS_OF, CheckError
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

DATED: Final = re.compile(r"\b(on|year|stepped)\b")
BLOCK: Final = 100
"""So many expressions are one piece of work."""
MOST: Final = 200
"""At most so many evaluations are made of one random expression."""
TYPICAL: Final = 100
"""So many evaluations are made of one small expression, about."""


# ── one expression ───────────────────────────────────────────────────────────


@dataclass
class Count:
    """What comparing came to; ``found`` tells each difference."""

    expressions: int = 0
    evaluations: int = 0
    unknown: int = 0
    learnt: int = 0
    refused: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what others were found."""
        self.expressions += other.expressions
        self.evaluations += other.evaluations
        self.unknown += other.unknown
        self.learnt += other.learnt
        self.refused += other.refused
        self.found += other.found


def readers(body: ast.expr, words: list[str]) -> list[list[ast.expr]]:
    """Return for each fact or list the parts of an expression that mention it."""
    found: list[list[ast.expr]] = [[] for _ in words]

    def visit(node: ast.AST) -> set[str]:
        below = {getattr(node, "attr", ""), getattr(node, "id", "")}
        below = below.union(*map(visit, ast.iter_child_nodes(node)))
        for at, word in enumerate(words):
            if word in below and isinstance(node, ast.expr):
                found[at].append(node)
        return below

    visit(body)
    return found


class Run:
    """One expression over the product of some variables."""

    def __init__(
        self, text: str, parameters: dict[str, Any], variables: list[Variable], days: Any
    ) -> None:
        sides = both()
        self.text, self.variables, self.days = text, variables, days
        self.reference = sides.reference
        typed = check(text, sides.scope(parameters))
        self.kind, self.compiled = typed.type.kind, compile_expr(typed.expr)
        body = tree(text)
        assert body is not None
        self.body = body
        words = [one.path if one.place is None else one.place[1] for one in variables]
        self.readers = readers(self.body, words)
        self.env = dict(sides.base)
        self.env[APPLICANT].clear()
        self.reference.parameters, self.reference.known = parameters, {}
        self.reference.facts, self.reference.items, self.reference.profile = {}, {}, {}

    def put(self, variable: Variable, at: int) -> None:
        """Give a variable one of its values, on both sides."""
        raw, ours, theirs = variable.values[at]
        if variable.place is None:
            self.env[variable.key] = ours
            self.reference.items = theirs
            self.reference.profile = {variable.path: raw}
            return
        self.env[APPLICANT][variable.key] = ours
        self.reference.facts[variable.place] = theirs

    def compare(self, count: Count) -> None:
        """Evaluate everywhere and compare."""
        count.expressions += 1
        for day in self.days:
            self.env[ON] = self.env[AS_OF] = day
            self.reference.on = Fraction(day.toordinal())
            results = self.evaluate(day, count)
            count.evaluations += len(results)
            self.ask(results, day, count)

    def evaluate(self, day: date, count: Count) -> list[Any]:
        """Return the engine's value in every environment, each compared."""
        scope = Scope("doc", self.reference.parameters, {}, self.reference.on)
        kind, compiled, body, env = self.kind, self.compiled, self.body, self.env
        results, last, kept = [], (-1,) * len(self.variables), self.reference.kept
        kept.clear()
        for chosen in itertools.product(*(range(len(one.values)) for one in self.variables)):
            for variable, at, before, nodes in zip(
                self.variables, chosen, last, self.readers, strict=True
            ):
                if at != before:
                    self.put(variable, at)
                    for node in nodes:
                        kept.pop(node, None)
            last = chosen
            ours = compiled(env)
            theirs = self.reference.ev(body, scope)
            if not same(ours, theirs, kind):
                count.found.append(self.told(chosen, day, f"{ours!r}\n  reference {theirs!r}"))
            results.append(ours)
        return results

    def ask(self, results: list[Any], day: date, count: Count) -> None:
        """Ask of every unknown value whether what it says of its facts is so."""
        sizes = [len(one.values) for one in self.variables]
        steps = [1] * len(sizes)
        for at in range(len(sizes) - 1, 0, -1):
            steps[at - 1] = steps[at] * sizes[at]
        more = [one.fuller for one in self.variables]
        for index, here in enumerate(results):
            if here.__class__ is not Unknown:
                continue
            count.unknown += 1
            for variable, step, size, fuller in zip(
                self.variables, steps, sizes, more, strict=True
            ):
                at = index // step % size
                if variable.path in here.missing and variable.settled(at):
                    self.blame(index, steps, day, f"{here} waits for a known fact", count)
                for other, added in fuller[at]:
                    count.learnt += 1
                    learnt = results[index + (other - at) * step]
                    named = not added.isdisjoint(here.missing)
                    if not (inside if named else alike)(learnt, here):
                        said = f"{here}\n  with {sorted(added)} known {learnt}"
                        self.blame(index, steps, day, said, count)

    def blame(self, index: int, steps: list[int], day: date, said: str, count: Count) -> None:
        """Note a value that says something wrong of its facts."""
        chosen = tuple(
            index // step % len(one.values) for step, one in zip(steps, self.variables, strict=True)
        )
        count.found.append(self.told(chosen, day, said))

    def told(self, chosen: tuple[int, ...], day: date, said: str) -> str:
        """Return a difference as text."""
        facts = {one.path: one.values[at][0]
                 for one, at in zip(self.variables, chosen, strict=True)}  # fmt: skip
        used = {k: one for k, one in self.reference.parameters.items() if k in self.text}
        return f"{self.text}\n  engine    {said}\n  on {day}, {facts}, {used}"


def small(numbers: list[int], found: Count) -> None:
    """Compare some of the small expressions."""
    for number in numbers:
        text, pools = grammar.every()[number]
        mentioned = grammar.mentioned(text)
        usual = grammar.POOLS if len(mentioned) < 3 else {**grammar.POOLS, **grammar.SMALL}
        pools = {**usual, "contract": grammar.few_items(), **pools}
        variables = [both().variable(*one, pools[one[1] or one[0]]) for one in mentioned]
        moving = DATED.search(text) is not None and "revenue" not in text
        days = grammar.DAYS if moving else grammar.DAYS[:1]
        attempt(text, grammar.PARAMETERS, variables, days, found)


def attempt(
    text: str, parameters: dict[str, Any], variables: list[Variable], days: Any, found: Count
) -> None:
    """Compare an expression; one that the checker refuses is counted apart."""
    try:
        run = Run(text, parameters, variables, days)
    except CheckError as error:
        found.refused.append(f"{error.finding.code} {text}")
        return
    run.compare(found)


def deep(seed: str, found: Count) -> None:
    """Compare random expressions, each over some values of the facts it mentions."""
    rng = random.Random(f"expressions {seed}")
    for _ in range(BLOCK):
        writer = generate.Writer(rng)
        kind = rng.choice(("bool", "bool", "money", "ratio", "count", "date"))
        text = writer.write(kind, rng.choice((2, 3, 3, 4)))
        whole = [both().variable(*one, grammar.few_items() if one[0] != APPLICANT
                                 else grammar.POOLS[one[1]])
                 for one in grammar.mentioned(text)]  # fmt: skip
        sizes = [1] * len(whole)
        for at in rng.sample(range(len(whole)), len(whole)) * 4:
            if len(whole[at].values) > sizes[at]:
                grown = math.prod(sizes) // sizes[at] * (sizes[at] + 1)
                sizes[at] += grown <= MOST
        variables = [replace(one, values=tuple(rng.sample(one.values, size)))
                     for one, size in zip(whole, sizes, strict=True)]  # fmt: skip
        attempt(text, writer.parameters, variables, grammar.DAYS[:1], found)


def block(task: tuple[str, Any]) -> Count:
    """Do one piece of work: some small expressions, or a seed of deep ones."""
    name, what = task
    found = Count()
    (small if name == "small" else deep)(what, found)
    return found


def tasks(evaluations: int, seed: int) -> Iterator[tuple[str, Any]]:
    """Yield pieces of work: small expressions first, then random ones without an end."""
    chosen = grammar.some(evaluations // 2 // TYPICAL, seed)
    yield from (("small", chosen[at : at + BLOCK]) for at in range(0, len(chosen), BLOCK))
    yield from (("deep", f"{seed} {at}") for at in itertools.count())


def run(evaluations: int, seed: int, processes: int = 1) -> Iterator[Count]:
    """Yield what each piece of work came to, in an order that the seed alone decides."""
    left, queue = evaluations, tasks(evaluations, seed)
    if processes == 1:
        while left > 0:
            yield (found := block(next(queue)))
            left -= found.evaluations
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        while left > 0:
            for found in pool.imap(block, list(itertools.islice(queue, 8 * processes))):
                yield found
                left -= found.evaluations
                if left <= 0:
                    break


def main() -> int:
    """Compare and print the count, the seed and the first differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=5_000_000, help="at least so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    count, began, told = Count(), time.monotonic(), 0
    for found in run(options.evaluations, options.seed, options.processes):
        for at, text in enumerate(found.found, start=len(count.found)):
            print(text if at < 20 else text.splitlines()[0], flush=True)  # noqa: T201 (a script)
        count.add(found)
        if count.evaluations - told >= 250_000 or count.evaluations >= options.evaluations:
            told = count.evaluations
            print(  # noqa: T201 (a script)
                f"{count.evaluations} evaluations of {count.expressions} expressions compared"
                f" (seed {options.seed}), {len(count.found)} differ; {count.unknown} not known,"
                f" asked {count.learnt} times what learning a fact changes;"
                f" {len(count.refused)} expressions refused"
                f" ({(time.monotonic() - began) / 60:.1f} minutes)",
                flush=True,
            )
    for code, many in Counter(one.split()[0] for one in count.refused).items():
        print(f"refused {code}: {many}")  # noqa: T201 (a script)
    return 1 if count.found else 0


if __name__ == "__main__":
    sys.exit(main())
