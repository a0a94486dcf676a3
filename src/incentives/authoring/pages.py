"""The catalogue of a rulebook as Markdown pages: one a document, and an index of clauses.

Everything is read from the rules; nothing is written by hand, and the same
rules give the same bytes. ``pages`` returns texts by path and writes nothing.

The trap: a table cell ends at ``|`` and a tag begins at ``<``; every text goes
through ``cell``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.clauses import Clause, clauses
from incentives.authoring.entries import fund_section, target_table
from incentives.authoring.markdown import (
    both_lines,
    cell,
    code,
    joined,
    period_text,
    place_of,
    row,
    table,
)
from incentives.authoring.overview import overview
from incentives.authoring.pictures import decide, eligible_case, picture
from incentives.explain.decision import explain_decision
from incentives.explain.names import Names
from incentives.explain.plot import curve_svg
from incentives.explain.structure import Explanation, Part
from incentives.explain.text import render_text
from incentives.explain.words import (
    CONFIDENCE,
    ENTITLEMENT,
    LEGAL_STATUS,
    ROUNDING,
)
from incentives.language.core import Text

if TYPE_CHECKING:
    from incentives.authoring.loaded import Loaded
    from incentives.rulebook.model import Document, Incentive

INDEX: Final = "index.md"

KIND: Final = {
    "award": Text("奖励", "award"),
    "subsidy": Text("补助", "subsidy"),
    "matching": Text("配套", "matching"),
    "voucher": Text("创新券", "voucher"),
    "tax_relief": Text("税收优惠", "tax relief"),
    "deduction": Text("税前扣除", "deduction from a tax base"),
    "credit": Text("记账额度", "credit in somebody's books"),
    "loan": Text("贷款", "loan"),
    "insurance": Text("保险", "insurance"),
    "treatment": Text("视同待遇", "treatment"),
    "priority": Text("优先支持", "priority"),
    "service": Text("服务", "service"),
    "document": Text("文件本身", "the document itself"),
    "split": Text("分担比例", "split of the cost"),
    "group": Text("合并计算", "group"),
    "fund": Text("资金", "fund"),
    "target": Text("目标", "target"),
}

PARTS: Final = {
    "fixed": Text("定额", "fixed"),
    "base": Text("基数", "base"),
    "rate": Text("比例", "rate"),
    "band": Text("分档", "bands"),
    "table": Text("分情形", "table"),
    "formula": Text("公式", "formula"),
    "floor": Text("保底", "floor"),
    "cap": Text("上限", "cap"),
    "less": Text("扣减", "less"),
    "minimum": Text("起付", "minimum"),
}

_PER: Final = {
    "year": Text("每年", "a year"),
    "lifetime": Text("终身", "for life"),
    "item": Text("每项", "an item"),
}


def pages(rulebook: Loaded) -> dict[str, str]:
    """Return every page and picture of the catalogue by its path below the catalogue's folder."""
    out: dict[str, str] = {}
    named = clauses(rulebook.rules)
    for document in rulebook.rules.documents.values():
        out |= _Page(rulebook, document, named).files()
    out[INDEX] = _index(rulebook, named)
    return dict(sorted(out.items()))


# ── the index ────────────────────────────────────────────────────────────────


def _index(rulebook: Loaded, named: list[Clause]) -> str:
    rules = rulebook.rules
    documents = sorted(rules.documents.values(), key=lambda each: each.id)
    rows = []
    for each in documents:
        own = [one for one in rules.incentives.values() if one.document.id == each.id]
        status = LEGAL_STATUS[str(each.legal_status)]
        rows.append(
            row(
                f"[{cell(each.title.zh)}]({each.id}.md)<br>{cell(each.title.get('en'))}",
                joined(status),
                joined(period_text(each.effective)),
                str(len(own)),
            )
        )
    lines = [
        "# 政策目录 · Catalogue of the rules",
        "",
        (
            "本目录由规则文件生成（`make catalogue`），请勿手工修改。"
            "This catalogue is generated from the rule files; do not edit it by hand."
        ),
        "",
        "## 文件 · Documents",
        "",
        *table(["文件 Document", "效力 Status", "期限 Period", "条目 Entries"], rows),
        "",
        "## 条款 · Clauses",
        "",
        *table(
            ["条款 Clause", "条目 Entry", "名称 Name", "类型 Kind", "状态 Status"],
            [_clause_row(rulebook, each) for each in named],
        ),
        "",
        "## 目标 · Targets",
        "",
        *target_table(rules.targets, rules.documents),
    ]
    return "\n".join(lines) + "\n"


def _clause_row(rulebook: Loaded, clause: Clause) -> str:
    rules = rulebook.rules
    document = rules.documents[clause.document]
    name: Text | None = document.title
    kind, status = clause.kind, LEGAL_STATUS[str(document.legal_status)]
    entry = f"{clause.document}/{clause.entry}" if clause.entry else clause.document
    if clause.kind == "incentive":
        incentive = rules.incentives[entry]
        kind, name = str(incentive.kind), incentive.name
        status = Text(
            f"{ENTITLEMENT[str(incentive.entitlement)].zh}；{status.zh}",
            f"{ENTITLEMENT[str(incentive.entitlement)].get('en')}; {status.get('en')}",
        )
    elif clause.kind == "fund":
        name = next(f.name for f in rules.funds if clause.entry in {f.id, f.id.split("/")[-1]})
    elif clause.kind == "target":
        name = next(t.metric for t in rules.targets if clause.entry == t.id.split("/")[-1])
    elif clause.kind != "document":
        found = [s.name for s in rules.splits if s.id.split("/")[-1] == clause.entry]
        name = next(iter(found), None)
    return row(
        clause.id,
        f"[{entry}]({clause.document}.md)",
        "" if name is None else joined(name),
        joined(KIND[kind]),
        joined(status),
    )


# ── a document ───────────────────────────────────────────────────────────────


class _Page:
    """The page of one document, with its pictures."""

    def __init__(self, rulebook: Loaded, document: Document, named: list[Clause]) -> None:
        self.rulebook = rulebook
        self.rules = rulebook.rules
        self.document = document
        self.named = [each for each in named if each.document == document.id]
        self.names = Names(rulebook.rules)
        self.pictures: dict[str, str] = {}

    def files(self) -> dict[str, str]:
        """Return the page and its pictures by path."""
        lines = self.head()
        for incentive in self.rules.incentives.values():
            if incentive.document.id == self.document.id:
                lines += self.incentive(incentive)
        funds = [each for each in self.rules.funds if each.document.id == self.document.id]
        for fund in funds:
            lines += fund_section(fund, self.ids("fund", fund.id.split("/")[-1]))
        targets = [each for each in self.rules.targets if each.document.id == self.document.id]
        if targets:
            lines += ["", "## 目标 · Targets", "", *target_table(targets, None)]
        return {f"{self.document.id}.md": "\n".join(lines) + "\n", **self.pictures}

    def ids(self, kind: str, entry: str) -> str:
        """Return the clause ids of an entry."""
        return ", ".join(each.id for each in self.named if (each.kind, each.entry) == (kind, entry))

    def head(self) -> list[str]:
        """Return the title and what is known of the document."""
        document = self.document
        region = self.names.region(document.jurisdiction)
        rows = [
            row("发文机关 Issuer", cell(document.issuer.zh), cell(document.issuer.get("en"))),
            row("地区 Region", cell(region.zh), cell(region.get("en"))),
            both_lines("效力 Legal status", LEGAL_STATUS[str(document.legal_status)]),
            both_lines("期限 Period", period_text(document.effective)),
        ]
        if document.published is not None:
            day = document.published.isoformat()
            rows.append(row("发布 Published", day, day))
        rounding = document.rounding
        if rounding is not None:
            rows.append(both_lines("尾数 Rounding", _rounding(rounding.quantum, rounding)))
        if "url" in document.source:
            rows.append(row("来源 Source", *[cell(document.source["url"])] * 2))
        return [
            f"# {cell(document.title.zh)}",
            "",
            cell(document.title.get("en")),
            "",
            "[目录 · Catalogue](index.md)",
            "",
            *table(["", "中文", "English"], rows),
        ]

    def incentive(self, incentive: Incentive) -> list[str]:
        """Return the section of an incentive."""
        data = overview(self.rules, incentive)
        short = incentive.id.split("/")[-1]
        ids = self.ids("incentive", short)
        lines = [
            "",
            f"## {cell(incentive.name.zh)} · {cell(incentive.name.get('en'))}",
            "",
            code(incentive.id) + (f" · {ids}" if ids else ""),
        ]
        many = len(data["versions"]) > 1
        for version, held in zip(data["versions"], incentive.versions, strict=True):
            if many:
                lines += ["", f"### {joined(period_text(held.period), ' · ')}"]
            lines += ["", f"> {cell(version['quote'])}"] if version["quote"] else []
            rows = [*self.what(incentive, data), *self.version(version)]
            rows.append(both_lines("期限 Until when", period_text(held.period)))
            rows.append(
                both_lines("效力 Legal status", LEGAL_STATUS[str(self.document.legal_status)])
            )
            lines += ["", *table(["", "中文", "English"], rows)]
        lines += _readings(data)
        lines += self.sum(incentive)
        lines += self.picture(incentive, short)
        return lines

    def what(self, incentive: Incentive, data: dict[str, Any]) -> list[str]:
        """Return what it is and who receives it."""
        kind, bound = KIND[data["kind"]], ENTITLEMENT[data["entitlement"]]
        who = list(data["recipients"].values())
        rows = [
            row(
                "是什么 What",
                f"{kind.zh}；{bound.zh}",
                f"{kind.get('en')}; {bound.get('en')}",
            ),
            row(
                "给谁 Who",
                cell("、".join(each["zh"] for each in who)),
                cell(", ".join(each["en"] or each["zh"] for each in who)),
            ),
        ]
        if incentive.each is not None:
            label = self.rules.vocabulary.entities[incentive.each].label
            rows.append(both_lines("逐项 For each", label))
        return rows

    def version(self, version: dict[str, Any]) -> list[str]:
        """Return conditions, amount and what is open of one version."""
        rows = []
        for title, key in (("发给 Paid to", "paid_to"), ("见 Figures in", "refers_to")):
            if version[key]:
                rows.append(_pair(title, version[key]))
        rows += [
            _pair(f"条件 Condition {number}", condition["says"], condition["clause"])
            for number, condition in enumerate(version["conditions"], 1)
        ]
        for part in version["amount"]:
            name = PARTS[part["part"]]
            title = f"{name.zh} {name.get('en')}"
            lines = [_table_row(title, each) for each in part.get("rows") or ()]
            rows += lines or [row(title, *[code(part["is"])] * 2)]
        rows += [_figure(figure) for figure in version["parameters"]]
        for each in version["totals"]:
            per = _PER.get(each["per"] or "", Text("合计", "in all"))
            zh, en = f"{per.zh} {code(each['cap'])}", f"{code(each['cap'])} {per.get('en')}"
            if each["by"]:
                zh, en = f"{zh}，按 {code(each['by'])} 分别计", f"{en}, for each {code(each['by'])}"
            rows.append(row("总上限 Total cap", zh, en))
        if version["once"]:
            rows.append(both_lines("只给一次 Once", _PER[version["once"]]))
        rounding = version["rounding"]
        if rounding:
            mode = ROUNDING[rounding["mode"]]
            stated = rounding["clause"] or ""
            rows.append(
                row(
                    "尾数 Rounding",
                    f"到{rounding['to']}，{mode.zh}"
                    + (f"（{cell(stated)}）" if stated else "（原文未写，假定）"),
                    f"{mode.get('en')} to {rounding['to']}"
                    + (f" ({cell(stated)})" if stated else " (assumed)"),
                )
            )
        rows.append(row("条款 Clause", *[cell(version["clause"])] * 2))
        for part in version["instalments"]:
            what = part["share"] or part["amount"]
            rows.append(row("分期 Instalment", *[code(what or "")] * 2))
        for each in version["overrides"]:
            rows.append(row("取代 Replaces", *[code(each)] * 2))
        if version["apply"]:
            rows.append(_pair("如何申请 How to apply", version["apply"]))
        for note in version["notes"]:
            rows.append(_note("不明之处 Open", note["says"], note["confidence"]))
        return rows

    def sum(self, incentive: Incentive) -> list[str]:
        """Return the sum of the first eligible case, as the program explains it."""
        case = eligible_case(self.rulebook, incentive)
        if case is None:
            return []
        whole = explain_decision(decide(self.rulebook, case))
        blocks = tuple(each for each in whole.blocks if each.part is Part.SUM)
        shown = Explanation(whole.headline, whole.tone, blocks, whole.subject)
        lines = ["", f"**算例 · The sum**（{case.on.isoformat()}，{cell(case.name)}）"]
        for lang in ("zh", "en"):
            lines += ["", "```text", render_text(shown, lang).rstrip(), "```"]
        return lines

    def picture(self, incentive: Incentive, short: str) -> list[str]:
        """Return the link to the picture, and keep the picture."""
        shown = picture(self.rulebook, incentive)
        if shown is None:
            return []
        path = f"img/{self.document.id}--{short}.svg"
        base = self.names.path(place_of(shown.curve.base))
        self.pictures[path] = curve_svg(shown.curve, incentive.name, base)
        label = f"{incentive.name.zh}：金额随{base.zh}的变化"
        return ["", f"![{cell(label)}]({path})"]


def _rounding(quantum: int, rule: Any) -> Text:
    from incentives.values.quantity import short_money

    mode, to = ROUNDING[str(rule.mode)], short_money(quantum)
    stated = rule.clause if rule.basis == "stated" else None
    return Text(
        f"到{to}，{mode.zh}" + (f"（{stated}）" if stated else "（原文未写，假定）"),
        f"{mode.get('en')} to {to}" + (f" ({stated})" if stated else " (assumed)"),
    )


def _table_row(title: str, found: dict[str, Any]) -> str:
    """Return one row of a table: what it is, when it holds, and how much it gives."""
    when, amount = found["when"], code(found["amount"])
    zh = f"{code(when)} 时：{amount}" if when else f"其余：{amount}"
    en = f"{amount} when {code(when)}" if when else f"otherwise {amount}"
    if found["at_least"]:
        zh += f"，不少于 {code(found['at_least'])}"
        en += f", at least {code(found['at_least'])}"
    if found["entitlement"]:
        bound = ENTITLEMENT[found["entitlement"]]
        zh, en = f"{zh}（{bound.zh}）", f"{en} ({bound.get('en')})"
    says = found["says"]
    if says is not None:
        zh = f"{cell(says['zh'])} — {zh}"
        en = f"{cell(says['en'] or says['zh'])} — {en}"
    return row(title, zh, en)


def _pair(title: str, says: dict[str, Any], clause: str | None = None) -> str:
    end = f"（{cell(clause)}）" if clause else ""
    return row(title, cell(says["zh"]) + end, cell(says["en"] or says["zh"]) + end)


def _note(title: str, says: dict[str, Any], confidence: str | None) -> str:
    sure = CONFIDENCE.get(confidence or "")
    zh, en = cell(says["zh"]), cell(says["en"] or says["zh"])
    if sure is None:
        return row(title, zh, en)
    return row(title, f"{zh}（{sure.zh}）", f"{en} ({sure.get('en')})")


def _figure(figure: dict[str, Any]) -> str:
    name = figure["name"].split("parameters.")[-1]
    end = f"（{cell(figure['clause'])}）" if figure["clause"] else ""
    shown: dict[str, list[str]] = {"zh": [], "en": []}
    for value in figure["values"]:
        since, until = value["from"], value["until"]
        span = f" [{since or '…'}—{until or '…'}]" if since or until else ""
        for lang, parts in shown.items():
            parts.append(cell(value["value"][lang] + span))
    return row(f"{code(name)}", "；".join(shown["zh"]) + end, "; ".join(shown["en"]) + end)


def _readings(data: dict[str, Any]) -> list[str]:
    if not data["readings"]:
        return []
    rows = []
    for reading in data["readings"]:
        mark = "默认 default" if reading["default"] else ""
        rows.append(
            row(
                code(reading["id"]),
                cell(reading["question"] or ""),
                mark,
                cell(reading["says"]["zh"]),
                cell(reading["says"]["en"] or reading["says"]["zh"]),
            )
        )
    head = ["理解 Reading", "问题 Question", "", "中文", "English"]
    return ["", "**不同理解 · Readings**", "", *table(head, rows)]
