"""``funds`` and ``targets``: public money and the aims of plans, never mixed with awards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from incentives.cli.arguments import FormatOption, OnOption, RulesOption, date_of, rulebook_of
from incentives.cli.frame import Format, Frame, UsageProblemError, print_json
from incentives.cli.tables import print_fields, print_table, print_wrapped

if TYPE_CHECKING:
    from incentives.engine.funds import FundValue
    from incentives.rulebook.model import Rules, Target
    from incentives.values.money import Money

SIGN: Final = {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", ">": ">", "<": "<"}


def funds(
    ctx: typer.Context,
    on: OnOption = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="On the last day of this year.")
    ] = None,
    rules: RulesOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show public funds: what they hold on a date, by every reading."""
    from incentives.engine.funds import fund_values

    frame: Frame = ctx.obj
    rulebook = rulebook_of(rules)
    found = fund_values(rulebook.rules, _day(on, year, frame))
    if form is Format.JSON:
        print_json([_fund_data(value) for value in found])
        return
    for at, value in enumerate(found):
        if at:
            typer.echo()
        _print_fund(value, frame)
    if not found:
        frame.talk("没有登记的资金", "no funds are listed")


def _day(on: str | None, year: int | None, frame: Frame) -> date:
    if year is None:
        return date_of(on, frame)
    if on is not None:
        raise UsageProblemError("--on 与 --year 只能写一个", "give --on or --year, not both")
    if not 1 <= year <= 9999:
        raise UsageProblemError(f"{year} 不是年份", f"{year} is not a year")
    return date(year, 12, 31)


def _print_fund(value: FundValue, frame: Frame) -> None:
    from incentives.explain import words

    say, fund = frame.say, value.fund
    print_wrapped(f"{fund.name.get(frame.lang)}  {fund.id}")
    period = "" if value.in_period else say("；不在文件期限内", "; outside the document's period")
    status = words.LEGAL_STATUS[fund.document.legal_status].get(frame.lang)
    print_fields(
        [
            (say("规模", "Amount"), value.amount),
            (say("年份", "Year"), fund.year),
            (say("可放贷款", "Lending"), value.lending_capacity),
            (say("用途", "Pays for"), None if fund.pays is None else fund.pays.get(frame.lang)),
            (say("日期", "On"), f"{value.on}{period}"),
            (say("文件", "Document"), f"{fund.document.title.get(frame.lang)} · {status}"),
            (say("条款", "Clause"), fund.clause),
            (say("原文", "Quote"), f"“{fund.quote}”" if fund.quote else None),
            *(
                (say("无法计算", "Not computed"), words.fault_says(f).get(frame.lang))
                for f in value.faults
            ),
        ]
    )
    if value.readings:
        typer.echo(f"  {say('对原文的不同理解', 'Readings')}{say('：', ':')}")
    for item in value.readings:
        mark = say("（采用）", " (default)") if item.reading.default else ""
        figures = [str(each) for each in (item.amount, item.lending_capacity) if each is not None]
        says = item.reading.says.get(frame.lang)
        print_wrapped(f"{item.reading.id}{mark}  {' / '.join(figures)}  {says}", "    ", "      ")
    for note in fund.notes:
        print_wrapped(f"[{note.about}] {note.says.get(frame.lang)}", "    ", "      ")


def _fund_data(value: FundValue) -> dict[str, Any]:
    from incentives.authoring.overview import both

    fund = value.fund
    return {
        "fund": fund.id,
        "name": both(fund.name),
        "on": value.on.isoformat(),
        "in_period": value.in_period,
        "legal_status": str(fund.document.legal_status),
        "year": fund.year,
        "amount": _plain(value.amount),
        "lending_capacity": _plain(value.lending_capacity),
        "pays": both(fund.pays),
        "readings": [
            {
                "id": item.reading.id,
                "says": both(item.reading.says),
                "default": item.reading.default,
                "amount": _plain(item.amount),
                "lending_capacity": _plain(item.lending_capacity),
                "confidence": item.reading.confidence,
            }
            for item in value.readings
        ],
        "notes": [
            {"about": note.about, "says": both(note.says), "confidence": note.confidence}
            for note in fund.notes
        ],
        "findings": [{"code": fault.code, "place": fault.place} for fault in value.faults],
        "clause": fund.clause,
        "quote": fund.quote,
    }


def _plain(amount: Money | None) -> str | None:
    return None if amount is None else format(amount, "plain")


def targets(
    ctx: typer.Context, rules: RulesOption = None, form: FormatOption = Format.TEXT
) -> None:
    """List the targets of plans: value, unit, due year."""
    frame: Frame = ctx.obj
    rulebook = rulebook_of(rules)
    found = rulebook.rules.targets
    if form is Format.JSON:
        print_json([_target_data(target, frame) for target in found])
        return
    say = frame.say
    heads = [
        say("指标", "Metric"),
        say("目标", "Target"),
        say("年份", "Due"),
        say("地区", "Region"),
        say("条款", "Clause"),
    ]
    for at, name in enumerate(dict.fromkeys(target.document.id for target in found)):
        document = rulebook.documents[name]
        if at:
            typer.echo()
        print_wrapped(f"{name}  {document.title.get(frame.lang)}")
        rows = (_cells(t, rulebook.rules, frame) for t in found if t.document.id == name)
        print_table(heads, rows, keep=0)
    if not found:
        frame.talk("没有登记的指标", "no targets are listed")


def _cells(target: Target, rules: Rules, frame: Frame) -> list[str]:
    region = rules.vocabulary.regions.get(target.region or "")
    return [
        target.metric.get(frame.lang),
        _value(target, frame),
        "" if target.due is None else str(target.due),
        target.region or "" if region is None else region.name.get(frame.lang),
        target.clause,
    ]


def _value(target: Target, frame: Frame) -> str:
    soft = target.soft
    if target.value is None:
        return frame.say("未给出数值", "no figure")
    unit = "" if target.unit is None else target.unit.get(frame.lang)
    gap = " " if unit and frame.lang == "en" else ""
    about = frame.say("左右", " or so") if soft else ""
    sign = SIGN.get(target.comparison or "", target.comparison or "")
    return f"{sign} {_figure(target, frame)}{gap}{unit}{about}".strip()


def _figure(target: Target, frame: Frame) -> str:
    """Return the number; a ratio that has a unit (9.6 patents) is no percentage."""
    from incentives.explain.words import known
    from incentives.values.quantity import exact_decimal, short_money
    from incentives.values.types import Kind

    if target.value is None:
        return ""
    value: Any = target.value.value
    kind = target.value.type.kind
    if kind is Kind.MONEY and isinstance(value, int):
        return short_money(value)
    if kind is Kind.RATIO and target.unit is not None:
        plain = exact_decimal(value, most=8)
        if plain is not None:
            return plain
    return known(value, target.value.type).get(frame.lang)


def _target_data(target: Target, frame: Frame) -> dict[str, Any]:
    from incentives.authoring.overview import both

    return {
        "target": target.id,
        "metric": both(target.metric),
        "comparison": target.comparison,
        "value": None if target.value is None else _figure(target, frame),
        "unit": both(target.unit),
        "region": target.region,
        "due": target.due,
        "soft": target.soft,
        "notes": [
            {"about": note.about, "says": both(note.says), "confidence": note.confidence}
            for note in target.notes
        ],
        "clause": target.clause,
        "quote": target.quote,
    }
