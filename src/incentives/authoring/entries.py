"""Funds and targets on the pages of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.authoring.markdown import both_lines, cell, code, joined, row, table
from incentives.authoring.overview import written
from incentives.explain.words import COMPARE, CONFIDENCE, known
from incentives.language.core import CompareOp, Text
from incentives.values.quantity import short_money
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incentives.rulebook.model import Document, Fund, Note, Target


def fund_section(fund: Fund, ids: str) -> list[str]:
    """Return the section of a fund; ``ids`` are its clause ids."""
    rows = [row("条款 Clause", *[cell(fund.clause)] * 2)]
    if fund.pays is not None:
        rows.append(both_lines("用途 Pays", fund.pays))
    if fund.year is not None:
        rows.append(row("年度 Year", str(fund.year), str(fund.year)))
    for title, expr in (
        ("规模 Amount", fund.amount),
        ("可放大贷款 Lending capacity", fund.lending_capacity),
    ):
        if expr is not None:
            rows.append(row(title, *[code(written(expr))] * 2))
    rows += [both_lines(f"理解 Reading {code(each.id)}", each.says) for each in fund.readings]
    rows += note_rows(fund.notes)
    return [
        "",
        f"## {cell(fund.name.zh)} · {cell(fund.name.get('en'))}",
        "",
        code(fund.id) + (f" · {ids}" if ids else ""),
        *(["", f"> {cell(fund.quote)}"] if fund.quote else []),
        "",
        *table(["", "中文", "English"], rows),
    ]


def note_rows(notes: Iterable[Note]) -> list[str]:
    """Return a row for each note, with its confidence."""
    rows = []
    for note in notes:
        sure = CONFIDENCE.get(note.confidence or "")
        zh, en = cell(note.says.zh), cell(note.says.get("en"))
        if sure is not None:
            zh, en = f"{zh}（{sure.zh}）", f"{en} ({sure.get('en')})"
        rows.append(row("不明之处 Open", zh, en))
    return rows


def target_table(targets: Iterable[Target], documents: Mapping[str, Document] | None) -> list[str]:
    """Return a table of targets; with ``documents`` it links their pages."""
    rows = []
    for target in targets:
        short = target.id.split("/")[-1]
        entry = f"{target.document.id}/{short}" if documents is not None else short
        shown = f"[{entry}]({target.document.id}.md)" if documents is not None else code(entry)
        notes = "<br>".join(joined(note.says) for note in target.notes)
        rows.append(
            row(
                shown,
                joined(target.metric),
                joined(_value(target)),
                "" if target.due is None else str(target.due),
                cell(target.clause),
                cell(target.quote),
                notes,
            )
        )
    head = [
        "条目 Entry",
        "指标 Metric",
        "目标值 Value",
        "年度 Due",
        "条款 Clause",
        "原文 Quote",
        "说明 Notes",
    ]
    return table(head, rows)


def _value(target: Target) -> Text:
    if target.value is None:
        return Text("没有数值", "no figure")
    value = target.value.value
    if target.value.type.kind is Kind.MONEY and isinstance(value, int):
        said = Text(short_money(value), short_money(value))
    else:
        said = known(value, target.value.type)
    sign = COMPARE[CompareOp(target.comparison)] if target.comparison else Text("", "")
    unit = target.unit or Text("", "")
    about = Text("左右", " or so") if target.soft else Text("", "")
    space = " " if unit.get("en") else ""
    return Text(
        f"{sign.zh}{said.zh}{unit.zh}{about.zh}",
        f"{sign.get('en')} {said.get('en')}{space}{unit.get('en')}{about.get('en')}".strip(),
    )
