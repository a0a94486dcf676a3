"""The query of one incentive for people: what it decides, from which columns, by which clause.

The trap: a comment ends where its line ends, so a text is broken into its lines first, and
each of them is a comment of its own; nothing of a rule file can become part of the query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.columns import WidthError
from incentives.batch.sql.one_incentive import COUNT, MONEY, SCALE, OneQuery, one_query, quoted
from incentives.diagnostics import FindingsError, Label, fault
from incentives.language.core import Text
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from incentives.batch.sql.one_incentive import FactColumn
    from incentives.diagnostics import Finding
    from incentives.rulebook.model import Incentive, Rules

DIALECTS: Final = {"duckdb": "DuckDB", "postgres": "PostgreSQL", "spark": "Spark SQL"}

_OF: Final = Text("：", ": ")
_DAY: Final = Text("评估日期", "assessed on")
_CLAUSE: Final = Text("条款", "clause")
_QUOTE: Final = Text("原文", "the text")
_CONDITIONS: Final = Text(
    "条件（failed 一列所列即其编号）：", "Conditions (the ids in column failed):"
)
_INPUT: Final = Text(
    "输入：各表应有以下各列。尚不知道的写 NULL，不写“否”或 0。",
    "Input: tables with these columns. What is not known is NULL, never FALSE or 0.",
)
_FIRMS: Final = Text(
    "每户一行：row 为行号，各行不同；key 为企业标识",
    "a row a firm: row numbers them, each once; key names the firm",
)
_ITEMS: Final = Text(
    "每项一行：row 为所属企业的行号，at 为该项在该企业中的次序（0、1……），key 为该项的编号；"
    "没有行表示确实没有，不表示未知",
    "a row an item: row is that of its firm, at its place among the firm's (0, 1 ...), key its "
    "own name; no rows means that there are none, not that they are unknown",
)
_UNITS: Final = Text(
    f"金额以整数分计，绝对值不超过{MONEY}；计数不超过{COUNT}；比例乘以{SCALE}取整数。",
    f"Money in whole fen, at most {MONEY} either way; counts at most {COUNT}; ratios as whole "
    f"numbers of 1/{SCALE}.",
)
_OUTPUT: Final = Text("输出：每户一行，按行号排列：", "Output: a row a firm, in the order of row:")
_COLUMNS: Final = {
    "row, key": Text("企业的行号与标识", "the firm's number and name"),
    "status": Text(
        "eligible 符合，ineligible 不符合，not_applicable 不适用，undetermined 尚不能确定",
        "eligible, ineligible, not_applicable or undetermined",
    ),
    "reason": Text("不适用的原因", "why it is not applicable"),
    "amount": Text(
        "应得金额（元），不止一个可能时为 NULL", "what is due, in yuan; NULL where open"
    ),
    "low, high": Text("金额的下限和上限（元）", "the least and the most it can be, in yuan"),
    "failed": Text("不满足的条件", "the conditions that fail"),
    "missing": Text("还需要知道的事实", "the facts that it waits for"),
    "readings_differ": Text(
        "为 TRUE 时，条文的另一种读法会得出不同结果",
        "TRUE: another reading of the text gives another result",
    ),
    "alone": Text(
        "为 TRUE 时，本查询不能定论，请用 incentives check 单户评估",
        "TRUE: this query does not settle the row; assess it with incentives check",
    ),
}
_ANSI: Final = Text("须设置 spark.sql.ansi.enabled = true。", "Set spark.sql.ansi.enabled = true.")
_TYPES: Final = {
    Kind.MONEY: Text("分", "fen"),
    Kind.REGION: Text("GB/T 2260 代码", "a code of GB/T 2260"),
    Kind.INDUSTRY: Text("GB/T 4754 代码", "a code of GB/T 4754"),
    Kind.RATIO: Text(f"乘以{SCALE}", f"times {SCALE}"),
}


def readable_query(rules: Rules, name: str, on: date, dialect: str, lang: str) -> str:
    """Return the commented query of one incentive on a day, pretty-printed.

    Raises:
        FindingsError: it has no exact query; the finding says why and where.
        MissingExtraError: sqlglot is not installed.
    """
    incentive = rules.incentives[name]
    try:
        made = one_query(rules, name, on, dialect)
    except WidthError:
        made = _too_wide(incentive, dialect)
    if not isinstance(made, OneQuery):
        raise FindingsError([made])
    comments = [
        *_about(incentive, on, lang),
        "",
        *_input(made, dialect, lang),
        "",
        *_output(dialect, lang),
    ]
    lines = (line for comment in comments for line in comment.splitlines() or [""])
    head = "".join(f"-- {line}".rstrip() + "\n" for line in lines)
    return f"{head}{made.query.sql(dialect, pretty=True)}\n;\n"


def _too_wide(incentive: Incentive, dialect: str) -> Finding:
    called = DIALECTS[dialect]
    text = (
        f"`{incentive.id}` has no exact query: {called} has no whole number that wide",
        f"“{incentive.id}”无法写成精确的查询：{called} 没有这么宽的整数",
    )
    span = incentive.versions[-1].span
    return fault("E801", text, *(() if span is None else (Label(span),)))


def _about(incentive: Incentive, on: date, lang: str) -> Iterator[str]:
    version = next((v for v in incentive.versions if v.period.holds(on)), incentive.versions[-1])
    of = _OF.get(lang)
    yield f"{version.name.get(lang)} [{incentive.id}]"
    yield f"{incentive.document.title.get(lang)} [{_CLAUSE.get(lang)} {version.clause}]"
    yield f"{_DAY.get(lang)} {on.isoformat()}"
    if version.quote is not None:
        yield f"{_QUOTE.get(lang)}{of}{version.quote}"
    yield ""
    yield _CONDITIONS.get(lang)
    for condition in (*version.applicability, *version.conditions):
        clause = f" [{_CLAUSE.get(lang)} {condition.clause}]" if condition.clause else ""
        yield f"  {condition.id}{of}{condition.says.get(lang)}{clause}"
        if condition.quote is not None:
            yield f"    {_QUOTE.get(lang)}{of}{condition.quote}"


def _input(made: OneQuery, dialect: str, lang: str) -> Iterator[str]:
    yield _INPUT.get(lang)
    yield _UNITS.get(lang)
    tables = ["firms", *(f"items_{name}" for name in made.lists)]
    for table in tables:
        says = _FIRMS if table == "firms" else _ITEMS
        yield f"  {table}{_OF.get(lang)}{says.get(lang)}"
        for fact in made.facts:
            if fact.table == table:
                yield f"    {_fact(fact, dialect, lang)}"


def _fact(fact: FactColumn, dialect: str, lang: str) -> str:
    spec, year = fact.column.spec, fact.column.year
    label = spec.label.get(lang) if year is None else f"{spec.label.get(lang)} {year}"
    more = _TYPES.get(spec.type.kind)
    notes = [] if more is None else [more.get(lang)]
    notes += [f"{word} {text.get(lang)}" for word, text in spec.choices.items()]
    told = f" [{'; '.join(notes)}]" if notes else ""
    return f"{quoted(fact.column.path, dialect)} {fact.type}{_OF.get(lang)}{label}{told}"


def _output(dialect: str, lang: str) -> Iterator[str]:
    yield _OUTPUT.get(lang)
    for column, says in _COLUMNS.items():
        yield f"  {column}{_OF.get(lang)}{says.get(lang)}"
    if dialect == "spark":
        yield _ANSI.get(lang)
