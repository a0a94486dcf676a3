"""Splits, groups, funds and targets of a rule file to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incentives.language import core
from incentives.language.core import Per, Text
from incentives.rulebook.lower_amount import share_total
from incentives.rulebook.lowering import Lowering, Names, Path, text_of
from incentives.rulebook.model import (
    Document,
    Fund,
    FundReading,
    Group,
    GroupRule,
    Note,
    Share,
    Split,
    SplitReading,
    Target,
)
from incentives.values import types as t

if TYPE_CHECKING:
    from incentives.language.core import Expr
    from incentives.language.names import Scope
    from incentives.rulebook.files import (
        FundModel,
        FundReadingModel,
        NoteModel,
        RuleFile,
        ShareModel,
    )


def _shares(
    low: Lowering, models: tuple[ShareModel, ...], residual: str, path: Path, scope: Scope
) -> tuple[Share, ...]:
    out = []
    for at, model in enumerate(models):
        expr = low.value(model.share, (*path, "shares", at, "share"), scope, t.RATIO)
        if expr is not None:
            out.append(Share(model.payer, expr))
    payers = [share.payer for share in out]
    if len(set(payers)) != len(payers):
        low.report("E261", ("a payer is listed twice", "同一分担方列了两次"), (*path, "shares"))
    if residual not in {model.payer for model in models}:
        low.report(
            "E261",
            (
                f"the residual payer {residual} is not among the shares",
                f"承担余额的{residual}不在分担方之中",
            ),
            (*path, "residual"),
        )
    total = share_total([share.share for share in out]) if len(out) == len(models) else None
    if total is not None and total != 1:
        low.report(
            "E260",
            (f"the shares add up to {total}, not to one", f"各方分担比例合计为{total}，不等于1"),
            (*path, "shares"),
        )
    elif total is None and len(out) == len(models):
        low.report(
            "E260",
            ("a share is a figure or a parameter", "分担比例只能是数值或标准"),
            (*path, "shares"),
        )
    return tuple(out)


def lower_funding(
    low: Lowering, incentive: str, document: str, model: Any, path: Path, scope: Scope
) -> Split | None:
    """Return ``[incentive.funding]``: a split of one."""
    if model is None:
        return None
    shares = _shares(low, model.shares, model.residual, path, scope)
    name = f"{document}/{incentive}"
    return Split(
        name, (name,), shares, model.residual, model.clause, model.quote, span=low.span(path)
    )


def lower_splits(low: Lowering, file: RuleFile, document: Document, names: Names) -> list[Split]:
    """Return the ``[[split]]`` tables of a file."""
    out = []
    for at, model in enumerate(file.split):
        path: Path = ("split", at)
        shares = _shares(low, model.shares, model.residual, path, low.scope(names, path))
        name = f"{file.document.id}/{model.id}"
        readings = []
        for index, reading in enumerate(model.reading):
            here: Path = (*path, "reading", index)
            other = _shares(low, reading.shares, reading.residual, here, low.scope(names, here))
            says = text_of(reading.says) or Text(reading.id)
            readings.append(
                SplitReading(reading.id, says, other, reading.residual, reading.confidence)
            )
        out.append(
            Split(
                name,
                model.of,
                shares,
                model.residual,
                model.clause,
                model.quote,
                text_of(model.name),
                notes_of(model.note),
                tuple(readings),
                document,
                low.span(path),
            )
        )
    return out


def notes_of(models: tuple[NoteModel, ...]) -> tuple[Note, ...]:
    """Return what a text leaves open, as written."""
    return tuple(Note(n.about, text_of(n.says) or Text(""), n.confidence) for n in models)


def lower_groups(low: Lowering, file: RuleFile, document: Document, names: Names) -> list[Group]:
    """Return the ``[[group]]`` tables of a file."""
    out = []
    for at, model in enumerate(file.group):
        path: Path = ("group", at)
        limit = None
        if model.limit is not None:
            limit = low.value(model.limit, (*path, "limit"), low.scope(names, path), t.MONEY)
        rule = GroupRule(model.rule)
        if rule is GroupRule.CAP and model.limit is None:
            low.report(
                "E262",
                ("a cap group has a limit", "“rule”为“cap”的组合应写明限额"),
                path,
                help=('add limit = "…万元"', '补上 limit = "…万元"'),
            )
        if rule is not GroupRule.CAP and model.limit is not None:
            low.report(
                "E262",
                (f"a {rule} group has no limit", f"“rule”为“{rule}”的组合不应有限额"),
                (*path, "limit"),
            )
        out.append(
            Group(
                f"{file.document.id}/{model.id}",
                model.members,
                rule,
                limit,
                Per(model.per) if model.per else None,
                model.clause,
                model.quote,
                low.span(path),
                document,
            )
        )
    return out


def lower_funds(low: Lowering, file: RuleFile, document: Document, names: Names) -> list[Fund]:
    """Return the ``[[fund]]`` tables of a file."""
    return [_fund(low, model, document, names, ("fund", at)) for at, model in enumerate(file.fund)]


def _fund(low: Lowering, model: FundModel, document: Document, names: Names, path: Path) -> Fund:
    own = {**names, **low.parameters(model.parameters, (*path, "parameters"), model.id)}
    scope = low.scope(own, path)

    def money(reading: FundReadingModel | None, key: str, there: Path, where: Scope) -> Expr | None:
        """Return a figure of the fund under a reading: the entry's own unless it changes it."""
        own_key = reading is not None and key in reading.model_fields_set
        raw, at = (getattr(reading, key), there) if own_key else (getattr(model, key), path)
        return None if raw is None else low.value(raw, (*at, key), where, t.MONEY)

    readings = []
    for at, reading in enumerate(model.reading):
        here: Path = (*path, "reading", at)
        changed = low.parameters(
            reading.parameters, (*here, "parameters"), f"{model.id}.{reading.id}"
        )
        there = low.scope({**own, **changed}, here)
        readings.append(
            FundReading(
                reading.id,
                text_of(reading.says) or Text(reading.id),
                money(reading, "amount", here, there),
                money(reading, "lending_capacity", here, there),
                reading.default,
                reading.confidence,
            )
        )
    return Fund(
        f"{document.id}/{model.id}",
        document,
        text_of(model.name) or Text(model.id),
        model.clause,
        model.quote,
        money(None, "amount", path, scope),
        money(None, "lending_capacity", path, scope),
        model.year,
        text_of(model.pays),
        tuple(readings),
        notes_of(model.note),
    )


def lower_targets(low: Lowering, file: RuleFile, document: Document, names: Names) -> list[Target]:
    """Return the ``[[target]]`` tables of a file."""
    out = []
    for at, model in enumerate(file.target):
        path: Path = ("target", at)
        value = None
        if model.value is not None:
            typed = low.typed(model.value, (*path, "value"), low.scope(names, path), None)
            value = typed.expr if typed is not None and isinstance(typed.expr, core.Const) else None
        out.append(
            Target(
                f"{document.id}/{model.id}",
                document,
                text_of(model.metric) or Text(model.id),
                model.comparison,
                value,
                text_of(model.unit),
                model.region,
                model.due,
                model.soft,
                model.clause,
                model.quote,
                notes_of(model.note),
            )
        )
    return out
