"""Faults between the keys of one table: exactly one of several, one needs another.

Works on the plain data of a file, before and apart from the models, so that a
misspelt or missing key elsewhere does not hide what is found here. Whatever has
the wrong type is passed over: the models report it.

The law kept here: nothing is reported about a table that the models would
report in other words.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import Finding, Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.rulebook.locate import Locator, Path

TESTS: Final = ("when", "unless", "all", "any")
SOURCES: Final = ("fixed", "base", "bands", "table", "formula")
_REGION_DIGITS: Final = 6
Table = dict[str, Any]


def check(data: Table, kind: str, locator: Locator) -> list[Finding]:
    """Return the faults between keys of a file of the given kind (the model's name)."""
    found = _Checks(locator)
    for table, path in _tables(data, "definition"):
        found.definition(table, path)
    if kind == "RegionsFile":
        found.regions(data.get("region"))
    if kind != "RuleFile":
        return found.findings
    document = data.get("document")
    if isinstance(document, dict):
        found.period(document, ("document",))
    for table, path in _tables(data, "incentive"):
        found.incentive(table, path)
        for reading, at in _tables(table, "reading", path):
            found.incentive(reading, at, reading=True)
    for table, path in _tables(data, "fund"):
        found.default(table, path)
    return found.findings


class _Checks:
    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self.findings: list[Finding] = []

    def report(
        self, code: str, message: str, *paths: Path, notes: tuple[str, ...] = (), help: str = ""
    ) -> None:
        labels = tuple(
            Label(
                self.locator.key_span(path) if index or notes else self.locator.span(path),
                notes[index] if index < len(notes) else "",
            )
            for index, path in enumerate(paths)
        )
        self.findings.append(Finding(code=code, message=message, labels=labels, help=help or None))

    def exactly_one(self, table: Table, path: Path, names: tuple[str, ...], what: str) -> None:
        given = [name for name in names if name in table]
        words = ", ".join(f"`{name}`" for name in names)
        if not given:
            self.report("E106", f"{what} has none of {words}", path, help="write exactly one")
        elif len(given) > 1:
            shown = " and ".join(f"`{name}`" for name in given)
            self.report(
                "E106",
                f"{what} has {shown}",
                *((*path, name) for name in given),
                notes=("one of them", *("or this one" for _ in given[1:])),
                help=f"keep one of {words}",
            )

    def needs(self, table: Table, path: Path, name: str, other: str) -> None:
        if name in table and other not in table:
            self.report(
                "E106",
                f"`{name}` has a meaning only with `{other}`",
                (*path, name),
                notes=("",),
                help=f"add `{other}` or delete `{name}`",
            )

    # ------------------------------------------------------------ documents and vocabularies

    def period(self, table: Table, path: Path, key: str = "effective") -> None:
        period = table.get(key)
        if isinstance(period, dict):
            first, last = period.get("from"), period.get("until")
            if isinstance(first, date) and isinstance(last, date) and first > last:
                self.report(
                    "E108",
                    f"the period ends ({last}) before it begins ({first})",
                    (*path, key, "until"),
                    notes=("",),
                )
            self.needs(period, (*path, key), "until_published", "until")

    def definition(self, table: Table, path: Path) -> None:
        self.exactly_one(table, path, ("value", "lookup"), "the definition")
        lookup = table.get("lookup")
        if isinstance(lookup, dict):
            self.steps(lookup, (*path, "lookup"))

    def regions(self, table: Any) -> None:
        for code in table if isinstance(table, dict) else ():
            if not (code.isascii() and code.isdigit() and len(code) == _REGION_DIGITS):
                self.report(
                    "E103",
                    f"`{code[:60]}` is no region code",
                    ("region", code),
                    notes=("six digits, GB/T 2260",),
                )

    # ------------------------------------------------------------ incentives

    def incentive(self, table: Table, path: Path, *, reading: bool = False) -> None:
        for condition, at in _tables(table, "condition", path):
            self.condition(condition, at, top=True)
        amount = table.get("amount")
        if isinstance(amount, dict):
            self.amount(amount, (*path, "amount"))
        for part, at in _tables(table, "instalment", path):
            self.exactly_one(part, at, ("share", "amount"), "the instalment")
        budget = table.get("budget")
        if isinstance(budget, dict):
            here = (*path, "budget")
            self.exactly_one(budget, here, ("amount", "places"), "the budget")
            self.needs(budget, here, "amount", "rule")
            self.needs(budget, here, "places", "rank_by")
        self.period(table, path)
        self.default(table, path)
        if reading:
            return
        for part, at in _tables(table, "accept", path):
            if not (part.get("mutation") or part.get("lint")):
                self.report("E106", "this accepts nothing", at, help="write `mutation` or `lint`")
        self.needs(table, path, "distinct", "keep")
        self.needs(table, path, "distinct", "each")
        self.needs(table, path, "keep", "distinct")

    def default(self, table: Table, path: Path) -> None:
        """Several readings of one question: at most one is the entry's own."""
        seen: dict[str, Path] = {}
        for reading, at in _tables(table, "reading", path):
            if reading.get("default") is not True:
                continue
            question = str(reading.get("question", ""))
            if question in seen:
                self.report(
                    "E106",
                    "two readings of one question are the default",
                    (*at, "default"),
                    (*seen[question], "default"),
                    notes=("the second", "the first"),
                    help="keep `default` on the one that the entry itself encodes",
                )
            seen.setdefault(question, at)

    def condition(self, table: Table, path: Path, *, top: bool = False) -> None:
        self.exactly_one(table, path, TESTS, "the condition")
        if top:
            for name in ("id", "says"):
                if name not in table:
                    self.report(
                        "E101",
                        f"`[{_dotted(path)}]` has no `{name}`",
                        path,
                        help=f"add `{name}`",
                    )
        self.needs(table, path, "at_least", "any")
        for name in ("all", "any"):
            parts = table.get(name)
            if isinstance(parts, list):
                if not parts:
                    self.report("E107", f"`{name}` is an empty list", (*path, name))
                least = table.get("at_least")
                if name == "any" and isinstance(least, int) and least > len(parts) > 0:
                    self.report(
                        "E108",
                        f"at least {least} of {len(parts)} can never hold",
                        (*path, "at_least"),
                    )
            for part, at in _tables(table, name, path):
                self.condition(part, at)

    def amount(self, table: Table, path: Path) -> None:
        self.exactly_one(table, path, SOURCES, "the amount")
        self.needs(table, path, "base", "rate")
        self.needs(table, path, "rate", "base")
        self.needs(table, path, "hit", "table")
        bands = table.get("bands")
        if isinstance(bands, dict):
            self.steps(bands, (*path, "bands"))
        for row, at in _tables(table, "table", path):
            self.exactly_one(row, at, ("when", "otherwise"), "the row")
        rows = table.get("table")
        rows = rows if isinstance(rows, list) else []
        for index, row in enumerate(rows):
            if isinstance(row, dict) and "otherwise" in row and index < len(rows) - 1:
                self.report(
                    "E108",
                    "rows after `otherwise` are never read",
                    (*path, "table", index, "otherwise"),
                    notes=("",),
                    help="make it the last row",
                )

    def steps(self, table: Table, path: Path) -> None:
        """Every step but the last has one bound; ``up_to`` includes it, ``below`` does not."""
        steps = table.get("steps")
        for step, at in _tables(table, "steps", path):
            bounds = [name for name in ("up_to", "below") if name in step]
            last = isinstance(steps, list) and at[-1] == len(steps) - 1
            if len(bounds) > 1:
                self.exactly_one(step, at, ("up_to", "below"), "the step")
            elif not bounds and not last:
                self.report(
                    "E106",
                    "a step without a bound is not the last one",
                    at,
                    help="add `up_to` (inclusive) or `below` (exclusive)",
                )


def _tables(table: Table, name: str, path: Path = ()) -> Iterator[tuple[Table, Path]]:
    """Yield the tables of a list of tables, each with its path."""
    entries = table.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield entry, (*path, name, index)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path if not isinstance(part, int))
