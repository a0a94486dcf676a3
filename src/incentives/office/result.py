"""The result workbook: what was stated, what came of it, and why, with sums that recompute.

Three sheets: 填报 (the facts), 结果 (every decision and the totals), 依据 (conditions,
clauses, quotes and the sums in formulas). Entitlements and ceilings stand in columns of
their own and are never added together.

The trap: what is written is text unless it is a figure: a company called ``=1+1`` is
shown by that name.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.names import Names
from incentives.explain.outcome import note_line
from incentives.explain.replay import rules_of
from incentives.language.core import Text
from incentives.office import basis, stated
from incentives.office.basis import Basis, decimal_of
from incentives.office.styles import Book, fitting, height_of, lines_of
from incentives.rulebook.digest import meaning_digest
from incentives.tabular.write import write_whole

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from incentives.engine.results import Assessment, Decision
    from incentives.values.money import Money

TITLE: Final = Text("惠企政策评估结果", "Assessment of public incentives")
RESULT: Final = Text("结果", "Result")
_WIDTHS: Final = (6, 36, 44, 12, 18, 18, 18, 52)
_HEADINGS: Final = (
    Text("序号", "No."),
    Text("政策事项", "Incentive"),
    Text("文件与条款", "Document and clause"),
    Text("结论", "Outcome"),
    Text("最低（元）", "Least (yuan)"),
    Text("最高（元）", "Most (yuan)"),
    Text("上限（元，由主管部门核定）", "Ceiling (yuan; the payer decides)"),
    Text("说明", "Notes"),
)
_ORDER: Final = (
    Status.ELIGIBLE,
    Status.UNDETERMINED,
    Status.INELIGIBLE,
    Status.NOT_APPLICABLE,
)
_LIVE: Final = {Status.ELIGIBLE, Status.UNDETERMINED}
_NO_BOUND: Final = Text("没有上限", "no bound")
_FIRST_ROW: Final = 6


def write_result(path: str | PathLike[str], assessment: Assessment, lang: str = "zh") -> None:
    """Write the result of an assessment as a workbook.

    Raises:
        MissingExtraError: xlsxwriter is not installed.
        OSError: the file cannot be written.
    """

    def write(file: Path) -> None:
        book = Book(file, assessment.on, TITLE.get(lang))
        _Result(book, assessment, lang).write()
        book.close()

    write_whole(path, write)


class _Result:
    """Writes the three sheets of one assessment."""

    def __init__(self, book: Book, assessment: Assessment, lang: str) -> None:
        self.book = book
        self.assessment = assessment
        self.lang = lang
        self.names = Names(rules_of(assessment))
        self.facts = book.sheet(stated.TITLE.get(lang), widths=())
        self.sheet = book.sheet(RESULT.get(lang), widths=_WIDTHS)
        self.reasons = book.sheet(basis.TITLE.get(lang), widths=())

    def write(self) -> None:
        """Write the facts, then the reasons, then the result that refers to them."""
        cells = stated.write_stated(
            self.book, self.facts, self.assessment.profile, self.names, self.lang
        )
        reasons = Basis(self.book, self.reasons, self.names, cells, self.lang)
        reasons.head()
        rules = list(rules_of(self.assessment).incentives)  # what another reads comes first
        ordered = sorted(
            self.assessment,
            key=lambda each: (_ORDER.index(each.status), rules.index(each.incentive)),
        )
        numbers = {each.incentive: number for number, each in enumerate(ordered, start=1)}
        for decision in ordered:
            if decision.status is not Status.NOT_APPLICABLE:
                reasons.decision(decision, numbers[decision.incentive])
        self.head()
        row = _FIRST_ROW
        shown = [each for each in ordered if each.status is not Status.NOT_APPLICABLE]
        for decision in shown:
            self.decision(row, numbers[decision.incentive], decision, reasons.yuan)
            row += 1
        self.totals(row, shown)
        row = self.listed(row + 2, _assumed(self.assessment), self.assumptions())
        rest = [each for each in ordered if each.status is Status.NOT_APPLICABLE]
        title = Text(f"不适用（{len(rest)}项）", f"Not applicable ({len(rest)})")
        self.listed(row + 1, title, self.not_applicable(rest))
        self.sheet.activate()

    # ── parts of the sheet ────────────────────────────────────────────────────

    def put(self, row: int, column: int, text: str, style: str) -> None:
        """Write text as it is; rows and columns from 1."""
        self.sheet.write_string(row - 1, column - 1, fitting(text), self.book.format(style))

    def merged(self, row: int, text: str, style: str) -> None:
        """Write text over all columns."""
        self.sheet.merge_range(row - 1, 0, row - 1, 7, "", self.book.format(style))
        self.put(row, 1, text, style)

    def head(self) -> None:
        """Write the title, for whom, as of when, under which rules."""
        self.merged(1, TITLE.get(self.lang), "title")
        self.sheet.set_row(0, 40)
        profile = self.assessment.profile
        name = profile.applicant.get("name")
        known = isinstance(name, str)
        who = Text(f"申报主体：{name}", f"Applicant: {name}")
        who = who if known else words.APPLICANT_NAMELESS
        self.merged(2, who.get(self.lang), "bold")
        on, known_on = self.assessment.on, self.assessment.options.known_on
        day = Text(f"评估日期：{on}", f"Date of assessment: {on}")
        if known_on is not None:
            day = Text(
                f"{day.zh}（按{known_on}及以前公布的规定）",
                f"{day.en} (by the rules published by {known_on})",
            )
        digest = meaning_digest(rules_of(self.assessment))
        rules = Text(f"规则摘要：{digest}", f"Digest of the rules: {digest}")
        self.merged(3, day.get(self.lang), "lead")
        self.merged(4, rules.get(self.lang), "lead")
        for column, heading in enumerate(_HEADINGS, start=1):
            self.put(5, column, heading.get(self.lang), "head")
        self.sheet.set_row(4, 36)
        self.sheet.freeze_panes(5, 2)
        self.sheet.repeat_rows(4)

    def decision(
        self, row: int, number: int, decision: Decision, live: dict[str, tuple[str, str]]
    ) -> None:
        """Write one decision: what it is, its outcome, its amounts, what it waits for."""
        document = decision.rule.document
        where = f"{self.names.document(document).get(self.lang)}　{decision.clause}"
        status = words.STATUS[decision.status].get(self.lang)
        notes = self.notes(decision)
        self.put(row, 1, str(number), "number")
        self.put(row, 2, decision.name.get(self.lang), "label")
        self.put(row, 3, where, "text")
        self.put(row, 4, status, decision.status.value)
        for column in (5, 6, 7):
            self.sheet.write_blank(row - 1, column - 1, None, self.book.format("money"))
        if self.counts(decision):
            self.amounts(row, decision, live.get(decision.incentive))
        self.put(row, 8, notes, "note")
        texts = ((decision.name.get(self.lang), 34), (where, 42), (notes, 54))
        self.sheet.set_row(row - 1, height_of(max(lines_of(*each) for each in texts)))

    def counts(self, decision: Decision) -> bool:
        """Say whether a decision gives the applicant money that totals count."""
        return (
            decision.status in _LIVE
            and decision.rule.is_monetary
            and not decision.is_draft
            and decision.range is not None
        )

    def amounts(self, row: int, decision: Decision, cells: tuple[str, str] | None) -> None:
        """Write the least and the most, or the ceiling: what 依据 recomputes, else figures."""
        amounts = decision.range
        if amounts is None:
            return
        low, high = cells or (None, None)
        if decision.is_ceiling:
            self.amount(row, 7, amounts.high, high)
            return
        self.amount(row, 5, amounts.low, low)
        self.amount(row, 6, amounts.high, high)

    def amount(self, row: int, column: int, money: Money | None, cell: str | None) -> None:
        """Write one amount; ``None`` is no bound."""
        style = self.book.format("money")
        if money is None:
            self.put(row, column, _NO_BOUND.get(self.lang), "note")
        elif cell is None:
            self.sheet.write_number(row - 1, column - 1, _yuan(money), style)
        else:
            self.sheet.write_formula(row - 1, column - 1, f"={cell}", style, _yuan(money))

    def notes(self, decision: Decision) -> str:
        """Return what a decision waits for, or why it is refused."""
        parts: list[Text] = []
        if decision.reason is not None:
            parts.append(words.REASON[decision.reason])
        failed = [each.says for each in decision.conditions if each.id in decision.failed]
        if failed and decision.status is Status.INELIGIBLE:
            listed = words.join(failed, "；", "; ")
            parts.append(Text(f"不符合：{listed.zh}", f"not met: {listed.get('en')}"))
        if decision.missing and decision.status in _LIVE:
            listed = words.join([self.names.path(path) for path in decision.missing])
            parts.append(Text(f"还缺：{listed.zh}", f"missing: {listed.get('en')}"))
        if decision.status in _LIVE and not self.counts(decision):
            parts += self.uncounted(decision)
        if decision.group is not None:
            rule = words.GROUP_RULE[decision.group.rule]
            parts.append(Text(f"同组政策：{rule.zh}", f"with its group: {rule.get('en')}"))
        return words.join(parts, "；", "; ").get(self.lang)

    def uncounted(self, decision: Decision) -> list[Text]:
        """Return the amount of a decision that is in no total, and why it is not."""
        parts = []
        if decision.is_draft:
            parts.append(words.LEGAL_STATUS["draft"])
        if decision.paid_to is not None:
            payee = decision.paid_to
            parts.append(Text(f"支付给{payee.zh}", f"paid to {payee.get('en')}"))
        if decision.range is not None:
            high = None if decision.range.high is None else decision.range.high.fen
            amount = words.money_range(decision.range.low.fen, high)
            parts.append(Text(f"{amount.zh}，不计入合计", f"{amount.get('en')}, in no total"))
        return parts

    # ── totals ────────────────────────────────────────────────────────────────

    def totals(self, row: int, ordered: list[Decision]) -> None:
        """Write the sums of the columns; where they are not plain sums, the figures and why."""
        totals = self.assessment.totals
        counted = [each for each in ordered if self.counts(each)]
        certain = [each.range for each in counted if not each.is_ceiling and each.range is not None]
        ceilings = [each.range for each in counted if each.is_ceiling and each.range is not None]
        label = Text("合计（“上限”不与应得金额相加）", "Totals (ceilings are never added to dues)")
        for column in range(1, 9):
            self.put(row, column, "", "total_label")
        self.put(row, 2, label.get(self.lang), "total_label")
        plain = [
            self.total(row, 5, totals.range.low, [each.low for each in certain]),
            self.total(row, 6, totals.range.high, [each.high for each in certain]),
            self.total(row, 7, totals.ceiling, [each.high for each in ceilings]),
        ]
        if not all(plain):
            says = Text(
                "有的政策要一并计算（就高不重复、合计上限等），合计不是各行之和，不随填报重算",
                "some incentives are settled together, so a total is no plain sum of its rows",
            )
            self.put(row, 8, says.get(self.lang), "total_label")
        self.sheet.set_row(row - 1, 36)

    def total(self, row: int, column: int, total: Money | None, parts: list[Money | None]) -> bool:
        """Write one total; say whether it is the sum of its column."""
        if total is None:
            self.put(row, column, _NO_BOUND.get(self.lang), "total_label")
            return True
        style = self.book.format("total")
        plain = sum(part.fen for part in parts if part is not None) == total.fen
        if not plain or row == _FIRST_ROW:
            self.sheet.write_number(row - 1, column - 1, _yuan(total), style)
            return plain
        letter = "ABCDEFGH"[column - 1]
        formula = f"=ROUND(SUM({letter}{_FIRST_ROW}:{letter}{row - 1}),2)"
        self.sheet.write_formula(row - 1, column - 1, formula, style, _yuan(total))
        return True

    # ── below the table ───────────────────────────────────────────────────────

    def listed(self, row: int, title: Text, lines: list[str]) -> int:
        """Write a title and lines over all columns; return the row below them."""
        if not lines:
            return row
        self.merged(row, title.get(self.lang), "section")
        self.sheet.set_row(row - 1, 22)
        for line in lines:
            row += 1
            self.merged(row, line, "plain")
            self.sheet.set_row(row - 1, height_of(lines_of(line, sum(_WIDTHS) - 12)))
        return row + 1

    def assumptions(self) -> list[str]:
        """Return what is taken for granted, and what was odd about the profile."""
        lines = [note_line(note).text.get(self.lang) for note in self.assessment.assumptions]
        for finding in self.assessment.warnings:
            says = finding.zh if self.lang == "zh" else finding.message
            lines.append(f"{finding.fact}: {says}" if finding.fact else says)
        return lines

    def not_applicable(self, decisions: list[Decision]) -> list[str]:
        """Return what does not apply, a line for each reason."""
        lines = []
        for reason, says in words.REASON.items():
            names = [each.name for each in decisions if each.reason == reason]
            if names:
                listed = words.join(names, "、", "; ")
                text = Text(f"{says.zh}：{listed.zh}", f"{says.get('en')}: {listed.get('en')}")
                lines.append(text.get(self.lang))
        return lines


def _assumed(assessment: Assessment) -> Text:
    count = len(assessment.assumptions) + len(assessment.warnings)
    return Text(f"本结果的假定与提示（{count}条）", f"Assumed, and warnings ({count})")


def _yuan(money: Money) -> Any:
    return decimal_of(Fraction(money.fen, 100))
