"""An audit as a workbook that recomputes itself: 总表, 差异, 明细, 依据, 假设.

Differences and sums are live formulas over the figures beside them, each with its value
stored, so that a reader who changes a figure sees what it changes. Chinese, as the
papers of an audit office are.

The laws kept (``tests/unit/audit/test_workbook.py``): every text is written as text,
whatever it begins with; every amount is a number of at most fifteen digits, or else a
text; the stored value of a formula is the amount that the audit found.

The trap: amounts reach the file as decimals in yuan, never as floats of ours; the sums
are rounded to the fen in the formula, because the spreadsheet adds in binary.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.classes import LABELS, Class
from incentives.audit.sheet_checks import LABELS as CHECKS
from incentives.audit.show import title_of
from incentives.diagnostics import MissingExtraError
from incentives.explain import words
from incentives.explain.text import columns
from incentives.tabular.write import write_whole
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from incentives.audit.recompute import Verdict
    from incentives.audit.report import Audit

MOST_FEN: Final = 10**15
"""Amounts below this have at most fifteen digits, which every spreadsheet keeps."""

_A4: Final = 9
_MOST_TEXT: Final = 32_000
_MARGINS: Final = ("0.5", "0.5", "0.8", "0.7")  # inches: left, right, top, bottom
_FONT: Final = "宋体"
_HEAD: Final = "黑体"
_MONEY: Final = "#,##0.00;[Red]-#,##0.00"
_COLUMNS: Final = (
    ("序号", 5), ("清单行号", 6), ("单位名称", 16), ("统一社会信用代码", 20), ("政策项目", 16),
    ("编号", 12), ("评估日期", 11), ("已付金额", 14), ("此前已付", 13), ("应付（至少）", 14),
    ("应付（至多）", 14), ("差额", 14), ("涉及金额", 14), ("结论", 12), ("理由", 32),
)  # fmt: skip
_NOTES: Final = {
    Class.REPRODUCED: "按规定重新计算，金额一致",
    Class.OVERPAID: "多于应付，差额为应收回的数",
    Class.UNDERPAID: "少于应付",
    Class.INELIGIBLE: "条件不满足或政策不适用",
    Class.UNPAID: "资料符合条件、金额确定，清单中没有支付",
    Class.ABOVE_CEILING: "超过规定的最高限额",
    Class.WITHIN_CEILING: "只规定上限，金额由主管部门核定，请查核定文件",
    Class.OTHER_READING: "条文有不同理解，按另一种理解金额一致，建议请示发文机关",
    Class.UNCHECKED: "缺少事实或无法读取，见“理由”",
}


def write_workbook(audit: Audit, path: str | PathLike[str]) -> None:
    """Write an audit as a workbook.

    Raises:
        MissingExtraError: the extra ``excel`` is not installed.
        OSError: the file cannot be written.
    """
    write_whole(path, lambda place: _Book(audit, place).write())


class _Book:
    """Writes the sheets one after another."""

    def __init__(self, audit: Audit, place: Path) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtraError(
                ("writing .xlsx", "写出 .xlsx "), "xlsxwriter", "excel"
            ) from None
        self.audit = audit
        days = [each.on for each in audit.verdicts if each.on is not None]
        self.book: Any = xlsxwriter.Workbook(
            str(place), {"strings_to_formulas": False, "strings_to_urls": False}
        )
        stamp = datetime.combine(max(days, default=date(2000, 1, 1)), time())
        self.book.set_properties({"created": stamp})  # the list's last day: no clock is read
        base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
        boxed = base | {"border": 1, "border_color": "#7F7F7F"}
        made = {
            "title": {"font_name": _HEAD, "font_size": 18, "align": "center", "valign": "vcenter"},
            "plain": base,
            "section": base | {"font_name": _HEAD, "font_size": 12},
            "head": boxed | {"font_name": _HEAD, "align": "center", "bg_color": "#D9E1F2",
                             "text_wrap": True},
            "text": boxed | {"text_wrap": True},
            "middle": boxed | {"align": "center"},
            "money": boxed | {"num_format": _MONEY, "align": "right"},
            "total": boxed | {"num_format": _MONEY, "align": "right", "bold": True,
                              "bg_color": "#F2F2F2"},
            "total_text": boxed | {"bold": True, "align": "center", "bg_color": "#F2F2F2"},
        }  # fmt: skip
        self.formats = {name: self.book.add_format(format_) for name, format_ in made.items()}

    def write(self) -> None:
        """Write every sheet and the file."""
        sheets = [self.page(name) for name in ("总表", "差异", "明细", "清单问题", "依据", "假设")]
        last = self.rows(sheets[2], "全部支付明细表", self.audit.verdicts)
        self.rows(sheets[1], "差异明细表（按涉及金额排序）", self.audit.differences)
        self.summary(sheets[0], last)
        self.remarks(sheets[3])
        self.grounds(sheets[4])
        self.assumed(sheets[5])
        sheets[0].activate()
        self.book.close()

    def page(self, name: str) -> Any:
        """Add a sheet that prints on A4, with the list and the page in its margins."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_margins(*map(Decimal, _MARGINS))
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        source = self.audit.paid.source.replace("\\", "/").rpartition("/")[2].replace("&", "&&")
        fixed = {"scale_with_doc": False}
        sheet.set_header(f"&L&9{source[:80]}&R&9索引号：SJ-{name}", fixed)
        sheet.set_footer("&L&9编制：　　　　　　复核：&C&9第 &P 页 共 &N 页", fixed)
        sheet.hide_gridlines(2)
        return sheet

    # ── 明细 and 差异 ────────────────────────────────────────────────────────

    def rows(self, sheet: Any, title: str, verdicts: Sequence[Verdict]) -> int:
        """Write verdicts as a table; return the number of its last row, counted from 1."""
        self.title(sheet, title, len(_COLUMNS))
        self.text(sheet, 1, 0, "金额单位：元", "plain")
        for at, (head, width) in enumerate(_COLUMNS):
            sheet.set_column(at, at, width)
            self.text(sheet, 2, at, head, "head")
        sheet.freeze_panes(3, 3)
        sheet.repeat_rows(2)
        for at, each in enumerate(verdicts):
            self.row(sheet, at + 3, at + 1, each)
        last = len(verdicts) + 3
        if verdicts:
            sheet.autofilter(2, 0, last - 1, len(_COLUMNS) - 1)
        self.text(sheet, last, 0, "合计", "total_text")
        for column in range(1, len(_COLUMNS)):
            sheet.write_blank(last, column, None, self.formats["total_text"])
        if verdicts:
            paid = sum(each.paid for each in verdicts)
            self.formula(sheet, last, 7, f"=ROUND(SUM(H4:H{last}),2)", paid, "total")
        return last

    def row(self, sheet: Any, row: int, number: int, each: Verdict) -> None:
        """Write one verdict; its difference and stake are formulas over its own cells."""
        payment, judgement = each.payment, each.judgement
        code = (payment.code if payment is not None else None) or (
            each.firm.code if each.firm is not None else None
        )
        on = each.on.isoformat() if each.on is not None else ""
        line = str(payment.row) if payment is not None else "—"
        texts = {
            1: line, 2: each.who, 3: code or "", 4: title_of(each, self.audit).zh,
            5: each.item or "", 6: on, 13: LABELS[each.kind].zh, 14: judgement.why.zh,
        }  # fmt: skip
        tall = [_lines(texts[column], _COLUMNS[column][1]) for column in (2, 4, 5, 13, 14)]
        sheet.set_row(row, 15 * max(tall))
        sheet.write_number(row, 0, number, self.formats["middle"])
        for column, text in texts.items():
            style = "middle" if column in {1, 3, 6} else "text"
            self.text(sheet, row, column, text, style)
        amounts = (None if each.is_unread else each.paid, each.earlier or None)
        for column, fen in enumerate((*amounts, judgement.low, judgement.high), start=7):
            self.money(sheet, row, column, fen)
        here = row + 1
        formula = difference(each.kind, judgement.difference, here)
        if formula is None or judgement.difference is None:
            sheet.write_blank(row, 11, None, self.formats["money"])
        else:
            self.formula(sheet, row, 11, formula, judgement.difference, "money")
        stake = f"=H{here}" if each.kind is Class.UNCHECKED else f"=ABS(N(L{here}))"
        if each.kind is Class.UNCHECKED and each.paid < 0:
            stake = f"=ABS(H{here})"
        if each.is_unread:
            sheet.write_blank(row, 12, None, self.formats["money"])
        elif each.kind in {Class.REPRODUCED, Class.WITHIN_CEILING}:
            self.money(sheet, row, 12, 0)
        else:
            self.formula(sheet, row, 12, stake, judgement.stake, "money")

    # ── 总表 ─────────────────────────────────────────────────────────────────

    def summary(self, sheet: Any, last: int) -> None:
        """Write the classes with counts and sums over 明细, and the places to sign."""
        audit = self.audit
        self.title(sheet, "政策兑现资金核对总表", 6)
        for column, width in enumerate((24, 10, 20, 20, 52, 4)):
            sheet.set_column(column, column, width)
        listed, count = sum(each.paid for each in audit.verdicts), len(audit.paid.payments)
        unread = f"；其中{audit.paid.unread}笔金额无法读取，未计入" if audit.paid.unread else ""
        facts = (
            ("兑现清单", f"{audit.paid.source} {audit.paid.sheet}".strip()),
            ("支付笔数", f"{count}笔，共{Money(listed)}（{Money(listed):capital}）{unread}"),
            ("申报资料", f"{audit.firms}家"),
            ("规则库摘要", audit.digest),
        )
        for row, (label, text) in enumerate(facts, start=1):
            self.text(sheet, row, 0, label, "text")
            sheet.merge_range(row, 1, row, 4, "", self.formats["text"])
            self.text(sheet, row, 1, text, "text")
        top = len(facts) + 2
        for column, head in enumerate(("结论", "笔数", "已付金额（元）", "涉及金额（元）", "说明")):
            self.text(sheet, top, column, head, "head")
        found = {each.kind: each for each in audit.summaries}
        area = f"明细!$N$4:$N${max(last, 4)}"
        for at, kind in enumerate(Class):
            row, each = top + 1 + at, found.get(kind)
            self.text(sheet, row, 0, LABELS[kind].zh, "text")
            own, paid, stake = (each.count, each.paid, each.stake) if each else (0, 0, 0)
            criterion = f"{area},A{row + 1}"
            sheet.write_formula(row, 1, f"=COUNTIF({criterion})", self.formats["middle"], own)
            for column, letter, value in ((2, "H", paid), (3, "M", stake)):
                amounts = f"明细!${letter}$4:${letter}${max(last, 4)}"
                formula = f"=ROUND(SUMIFS({amounts},{criterion}),2)"
                self.formula(sheet, row, column, formula, value, "money")
            self.text(sheet, row, 4, _NOTES[kind], "text")
        bottom = top + 1 + len(Class)
        self.text(sheet, bottom, 0, "合计", "total_text")
        every = len(audit.verdicts)
        sheet.write_formula(
            bottom, 1, f"=SUM(B{top + 2}:B{bottom})", self.formats["total_text"], every
        )
        formula = f"=ROUND(SUM(C{top + 2}:C{bottom}),2)"
        self.formula(sheet, bottom, 2, formula, listed, "total")
        self.text(sheet, bottom, 3, "不加总", "total_text")
        says = "多付、少付与未付方向不同，涉及金额不作合计"
        self.text(sheet, bottom, 4, says, "text")
        odd = f"清单本身的问题：{len(audit.remarks)}处，见“清单问题”"
        self.text(sheet, bottom + 2, 0, odd, "plain")
        gap = "　" * 8
        signs = f"编制人：{gap}日期：{gap}复核人：{gap}日期：{gap}"
        self.text(sheet, bottom + 4, 0, signs, "section")

    # ── 清单问题, 依据, 假设 ─────────────────────────────────────────────────

    def remarks(self, sheet: Any) -> None:
        """Write what is odd about the list itself."""
        rows = [
            (
                "、".join(map(str, each.rows[:20])) + ("等" if len(each.rows) > 20 else ""),
                each.place,
                CHECKS[each.check].zh,
                each.says.zh,
                each.stake,
            )
            for each in sorted(self.audit.remarks, key=lambda each: -each.stake)
        ]
        heads = (("行号", 14), ("位置", 30), ("问题", 26), ("说明", 70), ("涉及金额", 18))
        self.table(sheet, "清单本身的问题", heads, rows)

    def grounds(self, sheet: Any) -> None:
        """Write the clauses that the incentives of the list rest on."""
        rules = self.audit.rules
        used = sorted({each.incentive for each in self.audit.verdicts if each.incentive})
        rows = []
        for name in used:
            rule = rules.incentives[name]
            version, document = rule.versions[-1], rule.document
            since, until = version.period.since or "未载明", version.period.until or "长期"
            rows.append(
                (
                    version.name.zh,
                    f"《{document.title.zh}》",
                    version.clause,
                    version.quote or "（规则为转述，未引原文）",
                    words.LEGAL_STATUS[document.legal_status].zh,
                    f"{since} — {until}",
                    words.ENTITLEMENT[version.entitlement].zh,
                    name,
                )
            )
        heads = (
            ("政策项目", 24), ("文件", 30), ("条款", 12), ("原文", 46), ("效力", 9),
            ("执行期", 22), ("性质", 16), ("规则编号", 34),
        )  # fmt: skip
        self.table(sheet, "核对依据", heads, rows)

    def assumed(self, sheet: Any) -> None:
        """Write what was taken for granted, and what each column of the list was taken for."""
        rows = [(str(at), each.zh) for at, each in enumerate(self.audit.assumptions, start=1)]
        rows.append((str(len(rows) + 1), f"规则库摘要：{self.audit.digest}"))
        for name, column in self.audit.paid.columns.fields.items():
            says = f"清单的“{' '.join(column.text.split())}”（{column.address}）作为{name}读取"
            unit = column.unit or self.audit.paid.columns.unit
            says += f"，单位{unit}" if name == "amount" and unit else ""
            rows.append((str(len(rows) + 1), says))
        self.table(sheet, "假设与口径", (("序号", 8), ("内容", 110)), rows)

    # ── parts ────────────────────────────────────────────────────────────────

    def table(
        self,
        sheet: Any,
        title: str,
        heads: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[str | int]],
    ) -> None:
        """Write a plain table: texts, and whole numbers as amounts in fen."""
        self.title(sheet, title, len(heads))
        for at, (head, width) in enumerate(heads):
            sheet.set_column(at, at, width)
            self.text(sheet, 2, at, head, "head")
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        for at, row in enumerate(rows or [["无", *[""] * (len(heads) - 1)]], start=3):
            tall = [
                _lines(value, width)
                for value, (_, width) in zip(row, heads, strict=True)
                if isinstance(value, str)
            ]
            sheet.set_row(at, 15 * max(tall))
            for column, value in enumerate(row):
                if isinstance(value, int):
                    self.money(sheet, at, column, value)
                else:
                    self.text(sheet, at, column, value, "text")

    def title(self, sheet: Any, text: str, width: int) -> None:
        """Write the title over the whole width."""
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, max(width - 1, 1), "", self.formats["title"])
        self.text(sheet, 0, 0, text, "title")

    def text(self, sheet: Any, row: int, column: int, text: str, style: str) -> None:
        """Write a text as text; beyond what a cell can hold it is cut, and shows it."""
        shown = text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"
        sheet.write_string(row, column, shown, self.formats[style])

    def money(self, sheet: Any, row: int, column: int, fen: int | None) -> None:
        """Write an amount in yuan; one of more than fifteen digits as text."""
        if fen is None:
            sheet.write_blank(row, column, None, self.formats["money"])
        elif abs(fen) >= MOST_FEN:
            self.text(sheet, row, column, f"{Money(fen):plain}", "money")
        else:
            sheet.write_number(row, column, Money(fen).to_decimal(), self.formats["money"])

    def formula(
        self, sheet: Any, row: int, column: int, formula: str, fen: int, style: str
    ) -> None:
        """Write a formula with its value; beyond fifteen digits the value as text instead."""
        if abs(fen) >= MOST_FEN:
            self.text(sheet, row, column, f"{Money(fen):plain}", style)
        else:
            value = Money(fen).to_decimal()
            sheet.write_formula(row, column, formula, self.formats[style], value)


def difference(kind: Class, found: int | None, row: int) -> str | None:
    """Return the formula of a row's difference: paid less what earlier rows have left.

    Too much is measured from the most that can be due, too little from the least.
    """
    if found is None or kind in {Class.WITHIN_CEILING, Class.UNCHECKED}:
        return None
    if kind is Class.REPRODUCED:
        return None
    due = "J" if found < 0 else "K"
    return f"=ROUND(N(H{row})-MAX(N({due}{row})-N(I{row}),0),2)"


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; rows do not grow by themselves."""
    return max(1, -(-columns(text) // max(width - 1, 1)))
