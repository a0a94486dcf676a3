"""The decisions table as one query: a row for each firm and incentive, and for items.

The decisions of a firm are computed side by side and then set one under another by
``UNNEST`` of one list a column: measured against a union, a list of structs and a
``CASE`` over a number, it costs the least, and it keeps the order of the firms.

Amounts leave here as exact yuan: whole fen times 0.01, in the narrowest DECIMAL that
holds every incentive's. DuckDB only: other databases get one incentive a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incentives.batch.columns import ROW, Column, Op, Sort, Span
from incentives.batch.sql.binding import is_leaf
from incentives.batch.sql.dialects import Dialect, call, cast, text
from incentives.batch.sql.emit import AT, KEY, Tables, alias, column_of, named
from incentives.diagnostics import InternalError
from incentives.language.names import APPLICANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlglot import exp

    from incentives.batch.lowered import Answer, Lowered
    from incentives.batch.staged import Staged
else:
    from incentives.batch.sql import sqltree as exp

FIELDS: Final[Mapping[str, Callable[[Answer], Column]]] = {
    "status": lambda answer: answer.status,
    "reason": lambda answer: answer.reason,
    "amount": lambda answer: answer.amount,
    "low": lambda answer: answer.low,
    "high": lambda answer: answer.high,
    "failed": lambda answer: answer.failed,
    "missing": lambda answer: answer.missing,
    "readings_differ": lambda answer: answer.differs,
    "alone": lambda answer: answer.alone,
}
DECISION: Final = ("applicant", "incentive", "item", *FIELDS, ROW, AT)
"""The columns of the query, in this order; ``at`` is an item's place, null for the whole."""
_DIALECT: Final = Dialect()

_FIRM_KEY: Final = Column(Op.READ, (), Sort.WORD, scope=APPLICANT, value=KEY, sure=True)


def decisions(
    lowered: Lowered, staged: Staged, *, rows: bool = False, items: bool = False
) -> exp.Query:
    """Return the query of the decisions, with or without those of their items.

    Rows come firm by firm, within a firm by incentive, the whole before its items. The
    columns are those of ``DECISION``. ``rows``: of the firms between the variables
    ``emit.START`` and ``emit.STOP`` of the session only.

    Raises:
        InternalError: nothing was lowered.
        WidthError: an amount of more than 35 digits of fen.
    """
    by_id = sorted(lowered.incentives, key=lambda each: each.id)
    if not by_id:
        raise InternalError("no incentive has columns")
    answers: dict[str, dict[str, Answer]] = {APPLICANT: {each.id: each.answer for each in by_id}}
    for each in by_id:
        if items and each.each is not None and each.items is not None:
            answers.setdefault(each.each, {})[each.id] = each.items
    spans = _spans(answer for by_scope in answers.values() for answer in by_scope.values())
    outputs = {
        scope: [get(answer) for answer in by_scope.values() for get in FIELDS.values()]
        for scope, by_scope in answers.items()
    }
    for scope in outputs.keys() - {APPLICANT}:
        outputs[scope].append(_FIRM_KEY)
    tables = Tables(outputs, staged, _DIALECT, rows=rows)
    joined = len(tables.scopes()) > 1 or len(answers) > 1  # joins keep no order
    if len(answers) == 1:
        return tables.finish(
            _Long(tables, APPLICANT, answers[APPLICANT], spans).query(in_order=joined)
        )
    parts = [_Long(tables, scope, of, spans).query() for scope, of in answers.items()]
    union: exp.Query = parts[0]
    for part in parts[1:]:
        union = exp.Union(this=union, expression=part, distinct=False)
    query = exp.Select(expressions=[exp.Star()])
    query.from_(exp.Subquery(this=union, alias=alias("decisions")), copy=False)
    order = [exp.Ordered(this=column_of(name)) for name in (ROW, "incentive", AT)]
    order[-1].set("nulls_first", True)
    query.set("order", exp.Order(expressions=order))
    return tables.finish(query)


def _spans(answers: Iterable[Answer]) -> Span | None:
    """Return the span that holds every amount; ``None`` where none is ever known."""
    figures = [figure for answer in answers for figure in (answer.amount, answer.low, answer.high)]
    spans = [figure.span for figure in figures if figure.span is not None]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


class _Long:
    """The decisions over one scope, one under another."""

    def __init__(
        self, tables: Tables, scope: str, answers: Mapping[str, Answer], span: Span | None
    ) -> None:
        self._tables, self._scope, self._answers, self._span = tables, scope, answers, span
        self._inner: list[exp.Expression] = []
        self._listed: dict[tuple[Column, ...], str] = {}

    def query(self, *, in_order: bool = False) -> exp.Select:
        """Return a row for each row of the scope and incentive.

        ``in_order``: the firms are put in order first; there are fewer of them than decisions,
        and what stands side by side is set one under another in order anyway.
        """
        whole = self._scope == APPLICANT
        firm = column_of(KEY) if whole else self._tables.spell(_FIRM_KEY)
        self._inner += [column_of(ROW), named(firm, "applicant")]
        if not whole:
            item = named(column_of(KEY), "item")
            self._inner += [column_of(AT), item]
        shown: dict[str, exp.Expression] = {"applicant": column_of("applicant")}
        shown["incentive"] = self._show("incentive", [text(name) for name in self._answers])
        shown["item"] = cast(exp.Null(), "TEXT") if whole else column_of("item")
        for name, get in FIELDS.items():
            shown[name] = self._field(name, [get(answer) for answer in self._answers.values()])
        shown[ROW] = column_of(ROW)
        shown[AT] = cast(exp.Null(), "BIGINT") if whole else column_of(AT)
        inner = exp.Select(expressions=self._inner)
        source: exp.Table | exp.Subquery = self._tables.of(self._scope)
        if in_order:
            firms = exp.Select(expressions=[exp.Star()]).from_(source, copy=False)
            firms.set("order", exp.Order(expressions=[exp.Ordered(this=column_of(ROW))]))
            source = exp.Subquery(this=firms, alias=alias("in_order"))
        inner.from_(source, copy=False)
        query = exp.Select(
            expressions=[
                value
                if isinstance(value, exp.Column) and value.name == name
                else named(value, name)
                for name, value in shown.items()
            ]
        )
        return query.from_(exp.Subquery(this=inner, alias=alias("side_by_side")), copy=False)

    def _field(self, name: str, columns: Sequence[Column]) -> exp.Expression:
        money = columns[0].sort is Sort.WHOLE
        first = columns[0]
        if all(column is first for column in columns):
            columns = [first]
        shown: exp.Expression
        if tuple(columns) in self._listed:
            shown = column_of(self._listed[tuple(columns)])
        elif len(columns) == 1 and is_leaf(first) and not first.scope:
            shown = self._tables.spell(first)
        else:
            shown = self._show(name, [self._tables.spell(column) for column in columns])
            self._listed[tuple(columns)] = name
        return _DIALECT.yuan(shown, self._span or (0, 0)) if money else shown

    def _show(self, name: str, values: Sequence[exp.Expression]) -> exp.Expression:
        """Set the values of the incentives one under another; return their column."""
        many = call("UNNEST", exp.Array(expressions=list(values))) if len(values) > 1 else values[0]
        self._inner.append(named(many, name))
        return column_of(name)
