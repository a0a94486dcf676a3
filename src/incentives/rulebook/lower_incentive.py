"""One ``[[incentive]]`` table, under one reading, to a ``Version``.

A reading is the entry with some keys replaced: ``Keys`` answers what a key
holds and where it stands, so that the default and every alternative are
lowered by the same code and point at the right lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incentives.language import core
from incentives.language.core import Expr, Per, Text
from incentives.language.names import APPLICANT, AS_OF, Scope
from incentives.language.walk import mentions, walk
from incentives.rulebook.cost import check_cost
from incentives.rulebook.lower_amount import lower_amount
from incentives.rulebook.lower_relations import lower_funding, notes_of
from incentives.rulebook.lowering import Lowering, Names, Path, text_of
from incentives.rulebook.model import (
    Budget,
    Condition,
    Document,
    Entitlement,
    Instalment,
    Keep,
    Override,
    RoundingRule,
    Total,
    Version,
)
from incentives.rulebook.periods import merged, stays_within
from incentives.values import types as t
from incentives.values.rounding import Mode
from incentives.values.types import Kind, Type

if TYPE_CHECKING:
    from incentives.rulebook.files import (
        ConditionModel,
        IncentiveModel,
        ReadingModel,
        RoundingModel,
    )

RESERVED: Final = frozenset({"recipient", "jurisdiction", "items", "once"})
_WITHOUT_AMOUNT: Final = {Entitlement.BY_REFERENCE, Entitlement.NONE, Entitlement.EXPLORATORY}
_ROUNDED: Final = 'rounding = { to = "0.01元", mode = "half_up", basis = "assumed" }'
_ONCE: Final = {
    Per.LIFETIME: Text("以前未领取过本项", "Not received before"),
    Per.YEAR: Text("本年度未领取过本项", "Not received this year"),
    Per.ITEM: Text("该项目未领取过本项", "Not received for this item"),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an incentive under one reading, each with the path it stands at."""

    entry: IncentiveModel
    path: Path
    reading: ReadingModel | None = None
    reading_path: Path = ()

    def get(self, name: str) -> tuple[Any, Path]:
        """Return what ``name`` holds and where."""
        if self.reading is not None and name in self.reading.model_fields_set:
            return getattr(self.reading, name), (*self.reading_path, name)
        return getattr(self.entry, name), (*self.path, name)

    def conditions(self) -> list[tuple[ConditionModel, Path]]:
        """Return the conditions: the reading's replace by id, new ones come last."""
        found = {
            c.id: (c, (*self.path, "condition", at)) for at, c in enumerate(self.entry.condition)
        }
        if self.reading is not None:
            for at, condition in enumerate(self.reading.condition):
                found[condition.id] = (condition, (*self.reading_path, "condition", at))
            for name in self.reading.drop:
                found.pop(name, None)
        return list(found.values())

    def parameters(self, low: Lowering) -> Names:
        """Return the parameters: the reading's replace by name."""
        names = low.parameters(self.entry.parameters, (*self.path, "parameters"), self.entry.id)
        if self.reading is not None:
            more = low.parameters(
                self.reading.parameters,
                (*self.reading_path, "parameters"),
                f"{self.entry.id}.{self.reading.id}",
            )
            names.update(more)
        return names


class IncentiveLowering:
    """Lowers one incentive table of a document."""

    def __init__(self, low: Lowering, document: Document, names: Names, keys: Keys) -> None:
        self.low = low
        self.document = document
        self.keys = keys
        self.names = {**names, **keys.parameters(low)}
        self.each = self._each()
        base = low.scope(self.names, keys.path, item=self.each)
        self.dated_by = self._optional("dated_by", base, t.DATE)
        effective, stated = keys.get("effective")
        stays_within(low, effective, stated, document)
        self.period = merged(effective, document.effective)
        self.scope: Scope = base.within(
            by=self.dated_by, since=self.period.since, until=self.period.until
        )
        self.rounding = self._rounding()

    def _each(self) -> str | None:
        each, path = self.keys.get("each")
        if each is None:
            return None
        spec = self.low.entities.get(each)
        if spec is None or not spec.many:
            self.low.report(
                "E216",
                (f"`{each}` is not a list of the vocabulary", f"“{each}”不是词汇表里的列表"),
                path,
            )
            return None
        return str(each)

    def _optional(self, name: str, scope: Scope, kind: Type | None) -> Expr | None:
        raw, path = self.keys.get(name)
        return None if raw is None else self.low.value(raw, path, scope, kind)

    def version(self) -> Version:
        """Return the version; what is wrong is among the findings."""
        keys, low = self.keys, self.low
        get = keys.get
        entitlement = Entitlement(get("entitlement")[0])
        at_least = self._optional("at_least", self.scope, t.MONEY)
        amount, less = self._amount(entitlement, at_least)
        quote = get("quote")[0]
        once = get("once")[0]
        version = Version(
            period=self.period,
            published=get("published")[0] or self.document.published,
            name=_text(get("name")[0]),
            applicability=self._applicability(),
            conditions=self._conditions(Per(once) if once else None),
            entitlement=entitlement,
            amount=amount,
            each=self.each,
            dated_by=self.dated_by,
            once=Per(once) if once else None,
            distinct=self._optional("distinct", self.scope, None),
            keep=Keep(get("keep")[0] or "first"),
            totals=self._totals(),
            instalments=self._instalments(),
            budget=self._budget(),
            overrides=self._overrides(),
            funding=lower_funding(
                low, keys.entry.id, self.document.id, *get("funding"), self.scope
            ),
            paid_to=text_of(get("paid_to")[0]),
            refers_to=text_of(get("refers_to")[0]),
            clause=str(get("clause")[0]),
            quote=quote,
            notes=notes_of(get("note")[0]),
            decreasing=_plain(get("decreasing")[0]),
            less=less,
            apply=text_of(keys.entry.apply),
            summary=text_of(keys.entry.summary),
            rounding=self.rounding,
            span=low.span(keys.path),
        )
        self._coverage(version)
        check_cost(low, version, keys.path)
        return version

    # ── who and when ─────────────────────────────────────────────────────────

    def _applicability(self) -> tuple[Condition, ...]:
        out = []
        where, _ = self.keys.get("where")
        if where is None:
            region = self._applicant("region", Kind.REGION)
            if region is not None:
                code = core.Const(self.document.jurisdiction, t.REGION)
                says = Text(
                    f"在适用地区（{self.document.jurisdiction}）",
                    f"Within the jurisdiction ({self.document.jurisdiction})",
                )
                out.append(Condition("jurisdiction", says, core.Within(region, code, t.REGION)))
        kind = self._applicant("kind", Kind.CHOICE)
        if kind is not None:
            words, path = self.keys.get("recipient")
            options = kind.type.options or frozenset()
            for at, word in enumerate(words):
                if word not in options:
                    listed = sorted(options)
                    self.low.report(
                        "E221",
                        (f'"{word}" is not a kind of applicant', f"“{word}”不是申报主体的类型"),
                        (*path, at),
                        note=(f"one of: {', '.join(listed)}", f"可选：{'、'.join(listed)}"),
                    )
            consts = tuple(core.Const(word, kind.type) for word in words)
            says = self._recipient_says(words)
            out.append(Condition("recipient", says, core.In(kind, consts)))
        return tuple(out)

    def _recipient_says(self, words: tuple[str, ...]) -> Text:
        labels = self.low.facts[APPLICANT, "kind"].choices
        zh = "、".join(labels[word].zh if word in labels else word for word in words)
        en = ", ".join(labels[word].get("en") if word in labels else word for word in words)
        return Text(f"申报主体属于：{zh}", f"The applicant is one of: {en}")

    def _applicant(self, name: str, kind: Kind) -> core.Fact | None:
        spec = self.low.facts.get((APPLICANT, name))
        if spec is None or spec.type.kind is not kind or spec.series:
            self.low.report(
                "E252",
                (
                    f"the vocabulary has no {kind} fact `applicant.{name}`",
                    f"词汇表里没有“applicant.{name}”这项事实（种类为{kind.zh}）",
                ),
                self.keys.path,
                help=(
                    f"rules need applicant.{name} to know whom they are for",
                    f"规则要靠“applicant.{name}”判断适用于谁",
                ),
            )
            return None
        return core.Fact(APPLICANT, APPLICANT, name, spec.type)

    # ── conditions ───────────────────────────────────────────────────────────

    def _conditions(self, once: Per | None) -> tuple[Condition, ...]:
        out = []
        for model, path in self.keys.conditions():
            if model.id in RESERVED:
                self.low.report(
                    "E235",
                    (f"`{model.id}` is a reserved condition id", f"“{model.id}”是保留的条件编号"),
                    (*path, "id"),
                )
            condition = self._condition(model, path)
            if condition is not None:
                out.append(condition)
        if once is not None:
            owner = f"{self.document.id}/{self.keys.entry.id}"
            test = core.Not(core.ReceivedOf(owner, once, exists=True))
            out.append(Condition("once", _ONCE[once], test, per_item=once is Per.ITEM))
        return tuple(out)

    def _condition(
        self, model: ConditionModel, path: Path, default_id: str = ""
    ) -> Condition | None:
        name = model.id or default_id
        parts: list[Condition] = []
        test: Expr | None = None
        raw = ""
        if model.when is not None or model.unless is not None:
            key = "when" if model.when is not None else "unless"
            raw = str(getattr(model, key))
            test = self.low.value(raw, (*path, key), self.scope, t.BOOL)
            if test is not None and key == "unless":
                test = core.Not(test, span=test.span)
                raw = f"not ({raw})"
        else:
            key, models = ("all", model.all_) if model.all_ is not None else ("any", model.any_)
            for at, part in enumerate(models or ()):
                lowered = self._condition(part, (*path, key, at), f"{name}-{at + 1}")
                if lowered is not None:
                    parts.append(lowered)
            if len(parts) == len(models or ()):
                tests = tuple(part.test for part in parts)
                span = self.low.span((*path, key))
                test = (
                    core.All(tests, span=span)
                    if key == "all"
                    else core.Any(tests, model.at_least or 1, span=span)
                )
            raw = name
        if test is None:
            return None
        per_item = self.each is not None and mentions(test, self.each)
        says = text_of(model.says) or Text(raw)
        at_least = (model.at_least or 1) if model.any_ is not None else None
        return Condition(
            name,
            says,
            test,
            tuple(parts),
            at_least,
            per_item,
            model.clause,
            model.quote,
            self.low.span(path),
        )

    # ── money ────────────────────────────────────────────────────────────────

    def _rounding(self) -> RoundingRule | None:
        amount, path = self.keys.get("amount")
        if amount is not None and amount.round is not None:
            return lower_rounding(self.low, amount.round, (*path, "round"))
        return self.document.rounding

    def _amount(
        self, entitlement: Entitlement, at_least: Expr | None
    ) -> tuple[Expr | None, Expr | None]:
        model, path = self.keys.get("amount")
        if model is None:
            if entitlement in {Entitlement.EXACT, Entitlement.UP_TO}:
                self.low.report(
                    "E237",
                    (
                        f'an "{entitlement}" incentive has an amount',
                        f"“entitlement”为“{entitlement}”的事项应有金额",
                    ),
                    self.keys.path,
                    help=(
                        "add [incentive.amount], or say what it is with `entitlement`",
                        "补上 [incentive.amount]，或用“entitlement”说明性质",
                    ),
                )
            return None, None
        if entitlement in _WITHOUT_AMOUNT:
            self.low.report(
                "E237",
                (
                    f'an incentive with entitlement "{entitlement}" has no amount',
                    f"“entitlement”为“{entitlement}”的事项不应有金额",
                ),
                path,
            )
            return None, None
        rounding = self.rounding
        if rounding is None:
            if model.round is not None:  # there is one, and it is among the findings
                return None, None
            self.low.report(
                "E238",
                ("this amount has no rounding", "这个金额没有取整办法"),
                path,
                help=(f"add to [document]: {_ROUNDED}", f"在 [document] 里加：{_ROUNDED}"),
            )
            return None, None
        return lower_amount(self.low, model, path, self.scope, rounding, entitlement, at_least)

    def _totals(self) -> tuple[Total, ...]:
        models, path = self.keys.get("total")
        # A cap over items is of no item's date: the engine says of which day it is.
        scope = self.scope if self.dated_by is None else self.scope.within(by=core.Var(AS_OF))
        out = []
        for at, model in enumerate(models):
            cap = self.low.value(model.cap, (*path, at, "cap"), scope, t.MONEY)
            by = (
                None
                if model.by is None
                else self.low.value(model.by, (*path, at, "by"), self.scope, None)
            )
            if cap is not None:
                out.append(Total(cap, Per(model.per) if model.per else None, by, model.clause))
        return tuple(out)

    def _instalments(self) -> tuple[Instalment, ...]:
        models, path = self.keys.get("instalment")
        out = []
        for at, model in enumerate(models):
            here = (*path, at)

            def part(raw: Any, key: str, kind: Type, here: Path = here) -> Expr | None:
                return None if raw is None else self.low.value(raw, (*here, key), self.scope, kind)

            out.append(
                Instalment(
                    part(model.share, "share", t.RATIO),
                    part(model.amount, "amount", t.MONEY),
                    part(model.from_, "from", t.DATE),
                    part(model.until, "until", t.DATE),
                    part(model.when, "when", t.BOOL),
                    text_of(model.says),
                )
            )
        return tuple(out)

    def _budget(self) -> Budget | None:
        model, path = self.keys.get("budget")
        if model is None:
            return None

        def part(name: str, kind: Type | None) -> Expr | None:
            raw = getattr(model, name)
            return None if raw is None else self.low.value(raw, (*path, name), self.scope, kind)

        return Budget(
            part("amount", t.MONEY), model.rule, part("places", t.COUNT), self._rank(model, path)
        )

    def _rank(self, model: Any, path: Path) -> Expr | None:
        """Return what ranks the firms: a figure, the largest first."""
        if model.rank_by is None:
            return None
        rank = self.low.typed(model.rank_by, (*path, "rank_by"), self.scope, None)
        if rank is None or (rank.type.kind in t.NUMERIC and not rank.type.many):
            return None if rank is None else rank.expr
        self.low.report(
            "E220",
            ("a rank is a figure; the largest comes first", "排名依据应是数值，从大到小排"),
            (*path, "rank_by"),
            help=(
                "rank by a count, a ratio or money; for the smallest first, put a minus before it",
                "按数量、比例或金额排；从小到大排的，在前面加负号",
            ),
        )
        return None

    def _overrides(self) -> tuple[Override, ...]:
        models, path = self.keys.get("overrides")
        out = []
        for at, model in enumerate(models):
            when = None
            if model.when is not None:
                when = self.low.value(model.when, (*path, at, "when"), self.scope, t.BOOL)
            out.append(Override(model.incentive, when))
        return tuple(out)

    def _coverage(self, version: Version) -> None:
        """Report dated parameters that leave days of the period without a value."""
        if (
            self.dated_by is not None
            and version.period.since is None
            and version.period.until is None
        ):
            return
        tests = [c.test for c in (*version.applicability, *version.conditions)]
        exprs = [
            *tests,
            *(e for e in (version.amount, *(x.cap for x in version.totals)) if e is not None),
        ]
        seen: set[str] = set()
        for expr in exprs:
            for node in walk(expr):
                if isinstance(node, core.Param) and node.by is not None and node.path not in seen:
                    seen.add(node.path)
                    self._covers(node)

    def _covers(self, node: core.Param) -> None:
        name = node.path.rpartition(".")[2]
        parameter = self.names.get(name)
        gap = getattr(parameter, "gap", None)
        day = gap(self.period.since, self.period.until) if gap is not None else None
        if day is not None:
            en, zh = (
                ("the beginning", "一开始就") if day.year == 1 else (day.isoformat(), f"{day}起")
            )
            self.low.report(
                "E239",
                (
                    f"`{name}` has no value from {en}, while the incentive is in force",
                    f"“{name}”从{zh}没有值，而事项在执行期内",
                ),
                self.keys.path,
                help=(
                    "add a value for that time, or end the incentive before it",
                    "补上那段时间的值，或让事项在此之前结束",
                ),
            )


def lower_rounding(low: Lowering, model: RoundingModel, path: Path) -> RoundingRule | None:
    """Return a rounding rule: a quantum of whole fen and a named mode."""
    typed = low.typed(model.to, (*path, "to"), low.scope({}, path), t.MONEY)
    if typed is None or not isinstance(typed.expr, core.Const):
        return None
    quantum = typed.expr.value
    if not isinstance(quantum, int) or quantum <= 0:
        low.report(
            "E230",
            ("amounts are rounded to a positive quantum", "取整单位应大于零"),
            (*path, "to"),
        )
        return None
    return RoundingRule(quantum, Mode(model.mode), model.basis, model.clause)


def _text(model: Any) -> Text:
    return text_of(model) or Text("")


def _plain(model: Any) -> str | None:
    return None if model is None else str(model.zh)
