"""The header of a table: which column is the key, which a fact, which a list of items.

Nothing is taken by likeness and no unit is assumed: a heading that means nothing or two
things, a column of floats, an amount without unit are refused before any row is looked
at, all at once, each with what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from incentives.batch.inputs.cells import FLOATS, TEXTS, TIMES, WHOLES, CellType, Route, fits, route
from incentives.diagnostics import Finding, TableError
from incentives.language.names import APPLICANT
from incentives.rulebook.cell_facts import UNITS
from incentives.rulebook.headings import Headings, heading
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incentives.language.names import FactSpec
    from incentives.rulebook.model import Vocabulary

Both = tuple[str, str]

CODE_WORDS: Final = ("统一社会信用代码", "社会信用代码", "信用代码", "uscc", "applicant.uscc")
_ALSO: Final = {
    **{heading(word).text: "uscc" for word in CODE_WORDS},
    "企业名称": "name",
    "单位名称": "name",
}


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column that holds a fact; ``year`` for one year of a series."""

    name: str
    spec: FactSpec
    year: int | None
    unit: str | None
    kind: CellType

    @property
    def path(self) -> str:
        """The fact's path, which the staged column is called by."""
        return self.spec.path if self.year is None else f"{self.spec.path}.{self.year}"

    def route(self) -> Route:
        """Return the way of its cells."""
        return route(self.spec, self.unit, self.name, self.kind)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table whose columns are known.

    ``lists``: its columns of nested items, by entity. ``blanks``: a cell of the key may be
    blank, or have blanks around it.
    """

    entity: str
    key: str
    facts: tuple[FactColumn, ...]
    lists: Mapping[str, str] = field(default_factory=dict)
    blanks: bool = True


class HeaderReader:
    """Reads the headers of all tables of one input and collects what is wrong with them.

    Args:
        vocabulary: what may be stated.
        key: the heading of the column that tells the firms apart.
        units: by heading or by path (``applicant.revenue``): 元, 万元, 亿元, 分, %, ‰ or 1.
        allow_extra: columns that mean nothing are passed over.
    """

    def __init__(
        self, vocabulary: Vocabulary, key: str, units: Mapping[str, str], *, allow_extra: bool
    ) -> None:
        self.vocabulary = vocabulary
        self.key = key
        self.units = units
        self.allow_extra = allow_extra
        self.findings: list[Finding] = []
        self._used: set[str] = set()
        self._lists: dict[str, str] = {}

    def read(
        self, shown: str, entity: str, columns: Mapping[str, CellType], *, key: str | None = None
    ) -> Layout:
        """Return what the columns of a table are; what is wrong goes to ``findings``.

        Args:
            shown: the table, as messages call it.
            entity: whose facts it holds.
            columns: names and types, in order.
            key: the key's column where the reader itself made it.
        """
        headings = Headings(entity, self.vocabulary.specs[entity])
        found = key if key is not None else self._key(shown, columns)
        if entity != APPLICANT and key is None:
            self._claim(shown, entity, shown)
        facts: list[FactColumn] = []
        lists: dict[str, str] = {}
        for name, kind in columns.items():
            meaning = headings.read(name, _ALSO if entity == APPLICANT else None)
            listed = self._list(entity, name, kind)
            if listed is not None:
                self._claim(shown, listed, name)
                lists[listed] = name
            elif len(meaning.facts) > 1:
                self._several(shown, name, meaning.facts)
            elif meaning.facts:
                self._take(
                    shown, FactColumn(name, meaning.facts[0], meaning.year, None, kind), facts
                )
            elif name != found and not self.allow_extra and name.strip():
                self._nothing(shown, name, headings.known)
        return Layout(entity, found or "", tuple(facts), lists)

    def unused_units(self) -> None:
        """Report units that were declared for no column."""
        for name in self.units:
            if name not in self._used:
                self._report(
                    "E537",
                    "",
                    name,
                    (
                        "a unit is declared for a column that no table has",
                        "为没有的列声明了单位",
                    ),
                )

    def _key(self, shown: str, columns: Mapping[str, CellType]) -> str | None:
        if self.key in columns:
            found = self.key
        else:
            wanted = heading(self.key).text
            words = {heading(word).text for word in CODE_WORDS}
            same = words if wanted in words else {wanted}
            fitting = [name for name in columns if heading(name).text in same]
            if len(fitting) != 1:
                self._report(
                    "E533",
                    shown,
                    self.key,
                    (
                        f"the table has no column `{self.key[:40]}`, which tells the firms apart",
                        f"表中没有“{self.key[:40]}”一列，无法区分各企业",
                    ),
                    self._near(self.key, tuple(columns)),
                )
                return None
            found = fitting[0]
        kind = columns[found]
        if kind.id not in TEXTS | WHOLES:
            self._report(
                "E533",
                shown,
                found,
                (
                    f"the key is of type {kind.id}; it is a text or a whole number",
                    f"区分企业的列类型为 {kind.id}，应为文本或整数",
                ),
            )
        return found

    def _claim(self, shown: str, entity: str, name: str) -> None:
        other = self._lists.get(entity)
        if other is None:
            self._lists[entity] = name
        else:
            self._report(
                "E532",
                shown,
                name,
                (
                    f"the list `{entity}` is in `{other[:60]}` already",
                    f"列表“{entity}”已在“{other[:60]}”中",
                ),
                ("keep one of the two", "请只保留一处"),
            )

    def _list(self, entity: str, name: str, kind: CellType) -> str | None:
        """Return the list entity that a column of nested items holds."""
        if entity != APPLICANT or kind.id != "list":
            return None
        for each in self.vocabulary.entities.values():
            if each.many and name.strip() in {each.name, each.label.zh, each.label.get("en")}:
                return each.name
        return None

    def _take(self, shown: str, column: FactColumn, facts: list[FactColumn]) -> None:
        column = self._with_unit(shown, column)
        for other in facts:
            if other.path == column.path:
                self._report(
                    "E532",
                    shown,
                    column.name,
                    (
                        f"says the same as the column `{other.name}`: {column.path}",
                        f"与“{other.name}”一列重复：{column.path}",
                    ),
                    ("keep one of the two", "请只保留一列"),
                )
        if not fits(column.spec, column.kind, column.unit):
            self._misfit(shown, column)
        facts.append(column)

    def _with_unit(self, shown: str, column: FactColumn) -> FactColumn:
        declared = next(
            (word for word in (column.name, column.path, column.spec.path) if word in self.units),
            None,
        )
        unit = heading(column.name).unit
        fitting = UNITS.get(column.spec.type.kind, ())
        if declared is not None:
            self._used.add(declared)
            if unit is not None and unit != self.units[declared]:
                self._unit(shown, column, self.units[declared], fitting, f"（{unit}）")
            unit = self.units[declared]
        if unit is not None and unit not in fitting:
            self._unit(shown, column, unit, fitting, "")
        return FactColumn(column.name, column.spec, column.year, unit, column.kind)

    def _unit(
        self, shown: str, column: FactColumn, unit: str, fitting: tuple[str, ...], other: str
    ) -> None:
        listed = " ".join(fitting) or "-"
        en, zh = f"`{unit[:20]}` is no unit of this column", f"“{unit[:20]}”不是此列的单位"
        if other:
            en, zh = f"{en}: its heading says {other}", f"{zh}：列名写的是{other}"
        self._report("E537", shown, column.name, (en, zh), (f"one of: {listed}", f"可用：{listed}"))

    def _misfit(self, shown: str, column: FactColumn) -> None:
        kind, spec = column.kind, column.spec
        code, said, help = "E536", _no_such(spec, kind), _write(spec)
        if kind.id in FLOATS:
            code = "E534"
            said = (
                f"the column is of type {kind.id.upper()}, which is not exact",
                f"此列类型为 {kind.id.upper()}，是浮点数，不精确",
            )
        elif kind.id in TIMES and spec.type.kind is Kind.DATE:
            said = (
                "the column has times of day, whose date depends on a time zone",
                "此列带有时刻，其日期取决于时区",
            )
        elif spec.type.kind in UNITS and column.unit is None and kind.id in WHOLES | {"decimal"}:
            self.findings.append(undeclared(shown, column))
            return
        self._report(code, shown, column.name, said, help)

    def _several(self, shown: str, name: str, facts: tuple[FactSpec, ...]) -> None:
        paths = ", ".join(spec.path for spec in facts)
        self._report(
            "E531",
            shown,
            name,
            (f"can mean several facts: {paths}", f"对应多项事实：{paths}"),
            ("write the path of the one that is meant", "请改写为所指事实的路径"),
        )

    def _nothing(self, shown: str, name: str, known: tuple[str, ...]) -> None:
        self._report(
            "E530",
            shown,
            name,
            ("is no fact of the vocabulary", "不是词汇表中的事实"),
            self._near(name, known)
            or (
                "write the path of the fact, or pass --allow-extra",
                "请写事实路径，或加 --allow-extra 忽略多余的列",
            ),
        )

    def _near(self, name: str, known: tuple[str, ...]) -> Both | None:
        near = get_close_matches(heading(name).text.removeprefix("applicant."), known, 3)
        if not near:
            return None
        return (
            "did you mean " + " or ".join(f"`{word}`" for word in near) + "?",
            "是否应为" + "或".join(f"“{word}”" for word in near) + "？",
        )

    def _report(
        self, code: str, shown: str, name: str, said: Both, help: Both | None = None
    ) -> None:
        self.findings.append(_finding(code, shown, name, said, help))


def undeclared(shown: str, column: FactColumn) -> Finding:
    """Return the finding about a column of bare numbers."""
    said = (
        "the column is of bare numbers: their unit is not declared",
        "此列是没有单位的数字：没有声明单位",
    )
    return _finding("E535", shown, column.name, said, _declare(column))


def _finding(code: str, shown: str, name: str, said: Both, help: Both | None) -> Finding:
    return Finding(
        code=code,
        message=said[0],
        zh=said[1],
        fact=f"{shown}: {name[:60]}" if shown else name[:60],
        help=None if help is None else help[0],
        help_zh=None if help is None else help[1],
    )


def check_entities(vocabulary: Vocabulary, names: Iterable[str]) -> None:
    """Refuse tables of what a table cannot hold.

    Raises:
        TableError: there is none of the firms, or one of no list of the vocabulary (E539).
    """
    many = [entity.name for entity in vocabulary.entities.values() if entity.many]
    given = list(names)
    findings = []
    for name in given:
        if name != APPLICANT and name not in many:
            near = get_close_matches(name, many, 1) or many
            findings.append(
                Finding(
                    code="E539",
                    message=f"`{name[:40]}` is no list of the vocabulary",
                    zh=f"“{name[:40]}”不是词汇表中的列表",
                    help=f"one of: {', '.join(near)}",
                    help_zh=f"可用：{'、'.join(near)}",
                )
            )
    if APPLICANT not in given:
        findings.append(
            Finding(
                code="E539",
                message=f"there is no table of the firms: `{APPLICANT}`",
                zh=f"没有企业表（{APPLICANT}）",
            )
        )
    if findings:
        raise TableError(findings)


def _no_such(spec: FactSpec, kind: CellType) -> Both:
    return (
        f"a column of type {kind.id.upper()[:40]} cannot hold a {spec.type.kind} ({spec.path})",
        f"类型为 {kind.id.upper()[:40]} 的列不能存放{spec.type.kind.zh}（{spec.path}）",
    )


def _declare(column: FactColumn) -> Both:
    units = UNITS[column.spec.type.kind]
    en = " or ".join(f"--unit {column.path}={unit}" for unit in units[:2])
    zh = " 或 ".join(f"--unit {column.path}={unit}" for unit in units[:2])
    return f"say which: {en} …", f"请声明单位：{zh} ……"


def _write(spec: FactSpec) -> Both:
    """Return what a column for a kind of fact may be."""
    return {
        Kind.BOOL: (
            "write true and false (BOOLEAN), or 是 and 否",
            "请写真假值（BOOLEAN），或“是”“否”",
        ),
        Kind.DATE: (
            "write dates (DATE), or texts as 2024-05-01",
            "请写日期（DATE），或 2024-05-01 这样的文本",
        ),
        Kind.COUNT: ("write whole numbers", "请写整数"),
        Kind.MONEY: (
            "write decimals (DECIMAL) or whole numbers with a declared unit, or texts as 12.50万元",
            "请写定点小数（DECIMAL）或整数并声明单位，或 12.50万元 这样的文本",
        ),
        Kind.RATIO: (
            "write decimals (DECIMAL) or whole numbers with a declared unit, or texts as 3.5%",
            "请写定点小数（DECIMAL）或整数并声明单位，或 3.5% 这样的文本",
        ),
    }.get(spec.type.kind, ("write texts", "请写文本"))  # fmt: skip
