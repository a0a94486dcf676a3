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

from incentives.diagnostics import NO_NOTE, Finding, Label, Pair, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incentives.rulebook.locate import Locator, Path

TESTS: Final = ("when", "unless", "all", "any")
SOURCES: Final = ("fixed", "base", "bands", "table", "formula")
_REGION_DIGITS: Final = 6
_OR_THIS: Final[Pair] = ("or this one", "或这一个")
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
        self,
        code: str,
        message: Pair,
        *paths: Path,
        notes: tuple[Pair, ...] = (),
        help: Pair | None = None,
    ) -> None:
        labels = (
            Label(
                self.locator.key_span(path) if index or notes else self.locator.span(path),
                *(notes[index] if index < len(notes) else NO_NOTE),
            )
            for index, path in enumerate(paths)
        )
        self.findings.append(fault(code, message, *labels, help=help))

    def exactly_one(self, table: Table, path: Path, names: tuple[str, ...], what: Pair) -> None:
        given = [name for name in names if name in table]
        words = ", ".join(f"`{name}`" for name in names)
        words_zh = _listed(names)
        if not given:
            self.report(
                "E106",
                (f"{what[0]} has none of {words}", f"{what[1]}里{words_zh}一个也没有"),
                path,
                help=("write exactly one", "要写其中一个，只写一个"),
            )
        elif len(given) > 1:
            shown = " and ".join(f"`{name}`" for name in given)
            self.report(
                "E106",
                (f"{what[0]} has {shown}", f"{what[1]}里同时写了{_listed(given)}"),
                *((*path, name) for name in given),
                notes=(("one of them", "其中一个"), *(_OR_THIS for _ in given[1:])),
                help=(f"keep one of {words}", f"{words_zh}只留一个"),
            )

    def needs(self, table: Table, path: Path, name: str, other: str) -> None:
        if name in table and other not in table:
            self.report(
                "E106",
                (
                    f"`{name}` has a meaning only with `{other}`",
                    f"“{name}”要与“{other}”一起写才有意义",
                ),
                (*path, name),
                notes=(NO_NOTE,),
                help=(
                    f"add `{other}` or delete `{name}`",
                    f"补上“{other}”，或删掉“{name}”",
                ),
            )

    # ------------------------------------------------------------ documents and vocabularies

    def period(self, table: Table, path: Path, key: str = "effective") -> None:
        period = table.get(key)
        if isinstance(period, dict):
            first, last = period.get("from"), period.get("until")
            if isinstance(first, date) and isinstance(last, date) and first > last:
                self.report(
                    "E108",
                    (
                        f"the period ends ({last}) before it begins ({first})",
                        f"结束日（{last}）早于开始日（{first}）",
                    ),
                    (*path, key, "until"),
                    notes=(NO_NOTE,),
                )
            self.needs(period, (*path, key), "until_published", "until")

    def definition(self, table: Table, path: Path) -> None:
        self.exactly_one(table, path, ("value", "lookup"), ("the definition", "定义"))
        lookup = table.get("lookup")
        if isinstance(lookup, dict):
            self.steps(lookup, (*path, "lookup"))

    def regions(self, table: Any) -> None:
        for code in table if isinstance(table, dict) else ():
            if not (code.isascii() and code.isdigit() and len(code) == _REGION_DIGITS):
                self.report(
                    "E103",
                    (f"`{code[:60]}` is no region code", f"“{code[:60]}”不是行政区划代码"),
                    ("region", code),
                    notes=(("six digits, GB/T 2260", "应为 GB/T 2260 的六位数字"),),
                )

    # ------------------------------------------------------------ incentives

    def incentive(self, table: Table, path: Path, *, reading: bool = False) -> None:
        for condition, at in _tables(table, "condition", path):
            self.condition(condition, at, top=True)
        amount = table.get("amount")
        if isinstance(amount, dict):
            self.amount(amount, (*path, "amount"))
        for part, at in _tables(table, "instalment", path):
            self.exactly_one(part, at, ("share", "amount"), ("the instalment", "分期"))
        budget = table.get("budget")
        if isinstance(budget, dict):
            here = (*path, "budget")
            self.exactly_one(budget, here, ("amount", "places"), ("the budget", "预算"))
            self.needs(budget, here, "amount", "rule")
            self.needs(budget, here, "places", "rank_by")
        self.period(table, path)
        self.default(table, path)
        if reading:
            return
        for part, at in _tables(table, "accept", path):
            if not (part.get("mutation") or part.get("lint")):
                self.report(
                    "E106",
                    ("this accepts nothing", "这里没有写接受什么"),
                    at,
                    help=("write `mutation` or `lint`", "写“mutation”或“lint”"),
                )
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
                    (
                        "two readings of one question are the default",
                        "同一个问题有两种理解都是默认的",
                    ),
                    (*at, "default"),
                    (*seen[question], "default"),
                    notes=(("the second", "第二处"), ("the first", "第一处")),
                    help=(
                        "keep `default` on the one that the entry itself encodes",
                        "只在条目本身所写的那种理解上留“default”",
                    ),
                )
            seen.setdefault(question, at)

    def condition(self, table: Table, path: Path, *, top: bool = False) -> None:
        self.exactly_one(table, path, TESTS, ("the condition", "条件"))
        if top:
            for name in ("id", "says"):
                if name not in table:
                    self.report(
                        "E101",
                        (
                            f"`[{_dotted(path)}]` has no `{name}`",
                            f"[{_dotted(path)}] 缺少“{name}”",
                        ),
                        path,
                        help=(f"add `{name}`", f"补上“{name}”"),
                    )
        self.needs(table, path, "at_least", "any")
        for name in ("all", "any"):
            parts = table.get(name)
            if isinstance(parts, list):
                if not parts:
                    self.report(
                        "E107",
                        (f"`{name}` is an empty list", f"“{name}”是空列表"),
                        (*path, name),
                    )
                least = table.get("at_least")
                if name == "any" and isinstance(least, int) and least > len(parts) > 0:
                    self.report(
                        "E108",
                        (
                            f"at least {least} of {len(parts)} can never hold",
                            f"共{len(parts)}项，不可能至少满足{least}项",
                        ),
                        (*path, "at_least"),
                    )
            for part, at in _tables(table, name, path):
                self.condition(part, at)

    def amount(self, table: Table, path: Path) -> None:
        self.exactly_one(table, path, SOURCES, ("the amount", "金额"))
        self.needs(table, path, "base", "rate")
        self.needs(table, path, "rate", "base")
        self.needs(table, path, "hit", "table")
        bands = table.get("bands")
        if isinstance(bands, dict):
            self.steps(bands, (*path, "bands"))
        for row, at in _tables(table, "table", path):
            self.exactly_one(row, at, ("when", "otherwise"), ("the row", "这一行"))
        rows = table.get("table")
        rows = rows if isinstance(rows, list) else []
        for index, row in enumerate(rows):
            if isinstance(row, dict) and "otherwise" in row and index < len(rows) - 1:
                self.report(
                    "E108",
                    (
                        "rows after `otherwise` are never read",
                        "“otherwise”后面的行永远用不到",
                    ),
                    (*path, "table", index, "otherwise"),
                    notes=(NO_NOTE,),
                    help=("make it the last row", "把它放到最后一行"),
                )

    def steps(self, table: Table, path: Path) -> None:
        """Every step but the last has one bound; ``up_to`` includes it, ``below`` does not."""
        steps = table.get("steps")
        for step, at in _tables(table, "steps", path):
            bounds = [name for name in ("up_to", "below") if name in step]
            last = isinstance(steps, list) and at[-1] == len(steps) - 1
            if len(bounds) > 1:
                self.exactly_one(step, at, ("up_to", "below"), ("the step", "这一档"))
            elif not bounds and not last:
                self.report(
                    "E106",
                    (
                        "a step without a bound is not the last one",
                        "没有写上限的一档不是最后一档",
                    ),
                    at,
                    help=(
                        "add `up_to` (inclusive) or `below` (exclusive)",
                        "补上“up_to”（含本数）或“below”（不含本数）",
                    ),
                )


def _tables(table: Table, name: str, path: Path = ()) -> Iterator[tuple[Table, Path]]:
    """Yield the tables of a list of tables, each with its path."""
    entries = table.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield entry, (*path, name, index)


def _listed(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path if not isinstance(part, int))
