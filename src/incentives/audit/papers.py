"""审计工作底稿: one Word document for each applicant of an audited list, ready to sign.

What was paid and what is due, each decision with its clause and its sum step by step,
every fact with the file and cell it comes from, and the digests by which somebody else
can reach the same result. Chinese, A4, numbered, in the order that audit offices file.

The laws kept (``tests/unit/audit/test_papers.py``): the figures are those of the audit;
amounts stand in figures and in 大写; nothing from outside becomes markup.

The trap: what is printed here is looked up and never computed again. Where a fact is
wrong, the sum is right and the answer is not: that is why each has its origin.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.before import received_before
from incentives.audit.classes import CONCLUSIVE, LABELS, Class
from incentives.audit.facts import stated
from incentives.audit.receipt import Edition, issue
from incentives.audit.show import title_of, where
from incentives.audit.word import Paper
from incentives.diagnostics import ProfileError
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.explain.decision import explain_decision
from incentives.explain.structure import Part
from incentives.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from os import PathLike

    from incentives.audit.firms import Firm
    from incentives.audit.receipt import Receipt
    from incentives.audit.recompute import Verdict
    from incentives.audit.report import Audit
    from incentives.explain.structure import Explanation

_SHOWN: Final = {
    Part.SOURCE, Part.CONDITIONS, Part.SUM, Part.MISSING, Part.READINGS, Part.FUNDING, Part.NOTES,
    Part.FINDINGS,
}  # fmt: skip
_ADVICE: Final = {
    Class.OVERPAID: "多付，应核实后收回差额",
    Class.INELIGIBLE: "不符合条件而支付，应核实后收回",
    Class.ABOVE_CEILING: "超过上限，应核实后收回超出部分",
    Class.UNDERPAID: "少付，应核实后补付差额",
    Class.UNPAID: "符合条件而未付，应核实是否申报、是否另行支付",
    Class.OTHER_READING: "按条文的另一种理解金额一致，应请示发文机关后定性",
    Class.UNCHECKED: "资料不足，应补充取证",
    Class.WITHIN_CEILING: "在上限以内，应查核定文件",
    Class.REPRODUCED: "金额与规定一致",
}


_BEFORE: Final = "此前已付（元）"
_COLUMNS: Final = {
    "位置": (14, 13), "政策项目": (34, 24), "编号": (24, 20), "日期": (22, 20),
    "已付（元）": (25, 23), _BEFORE: (0, 25), "应付（元）": (27, 24), "差额（元）": (23, 21),
    "结论": (19, 18),
}  # fmt: skip
"""The columns of the first table and their widths, without and with what was paid before."""
_ABOUT_BEFORE: Final = (
    "注：此前已付中，“清单内”为本清单先前各行为同一事项支付的，已在差额中扣除；“以前”为资料所载"
    "清单以前领取、占用年度或累计限额的，已在应付中扣除。"
)


def write_papers(
    audit: Audit,
    directory: str | PathLike[str],
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Path]:
    """Write a paper for each applicant, and beside it the receipts it names.

    Args:
        audit: the audit.
        directory: where they go; made if it is not there.
        tell: called after each with how many are done, and of how many.

    Raises:
        MissingExtraError: the extra ``audit`` is not installed.
        OSError: the directory cannot be written to.
    """
    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    groups = _by_applicant(audit.verdicts)
    office = _Office(audit)
    written = []
    for number, verdicts in enumerate(groups, start=1):
        firm = next((each.firm for each in verdicts if each.firm is not None), None)
        code = _code(verdicts, firm)
        name = f"底稿-{number:04d}-{code or '无代码'}"
        paper = office.paper(number, firm, code, verdicts)
        receipts = office.receipts(paper, firm, verdicts)
        for at, receipt in enumerate(receipts, start=1):
            suffix = "" if len(receipts) == 1 else f"-{at}"
            (place / f"{name}{suffix}.json").write_bytes(receipt.raw)
        office.sign(paper)
        path = place / f"{name}.docx"
        paper.save(path)
        written.append(path)
        tell(number, len(groups))
    return written


def _by_applicant(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for each in verdicts:
        payment = each.payment
        code = payment.code if payment is not None else None
        groups[each.firm.key if each.firm is not None else code or each.who].append(each)
    return list(groups.values())


def _code(verdicts: Sequence[Verdict], firm: Firm | None) -> str | None:
    if firm is not None and firm.code is not None:
        return firm.code
    return next(
        (each.payment.code for each in verdicts if each.payment is not None and each.payment.code),
        None,
    )


class _Office:
    """Writes the parts of a paper; what all papers share is worked out once."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.plan = Plan(audit.rules)
        self.edition = Edition(audit.rules)
        self.digest = audit.digest

    def paper(
        self, number: int, firm: Firm | None, code: str | None, verdicts: Sequence[Verdict]
    ) -> Paper:
        """Return a paper with everything but receipts and signatures."""
        audit, who = self.audit, verdicts[0].who
        listed = f"{audit.paid.source} {audit.paid.sheet}".strip()
        paper = Paper("审计工作底稿", f"SJ-{number:04d}")
        own = firm.name if firm is not None else None
        days = sorted({each.on for each in verdicts if each.on is not None})
        period = "—" if not days else f"{days[0]}" if len(days) == 1 else f"{days[0]}至{days[-1]}"
        paper.facts(
            [
                ("索引号", f"SJ-{number:04d}", "审计事项", "政策兑现资金核对"),
                ("单位名称", own or who, "信用代码", code or "未提供"),
                ("兑现清单", listed, "评估日期", period),
            ]
        )
        self.conclusion(paper, verdicts)
        self.recomputed(paper, firm, verdicts)
        if firm is not None:
            self.sources(paper, firm, verdicts)
        paper.section("四、假设与口径")
        for at, each in enumerate(audit.assumptions, start=1):
            paper.line(f"{at}. {each.zh}")
        return paper

    def conclusion(self, paper: Paper, verdicts: Sequence[Verdict]) -> None:
        """Write what was paid and due, row by row, and the sums in figures and 大写."""
        paper.section("一、核对结果")
        before = [self.before(each) for each in verdicts]
        heads = [head for head in _COLUMNS if head != _BEFORE or any(before)]
        rows = [
            [self.cells(each, earlier)[head] for head in heads]
            for each, earlier in zip(verdicts, before, strict=True)
        ]
        widths = [_COLUMNS[head][any(before)] for head in heads]
        right = {at for at, head in enumerate(heads) if head.endswith("（元）")}
        paper.table(heads, rows, widths=widths, right=right)
        if any(before):
            paper.line(_ABOUT_BEFORE)
        total = Money(sum(each.paid for each in verdicts))
        unread = sum(each.is_unread for each in verdicts)
        left_out = f"；另有{unread}笔金额无法读取，未计入" if unread else ""
        paper.line(f"已付合计：{total}（大写：{total:capital}）{left_out}")
        back = [each for each in verdicts if each.kind in CONCLUSIVE]
        over = Money(sum(max(each.judgement.difference or 0, 0) for each in back))
        short = Money(sum(max(-(each.judgement.difference or 0), 0) for each in back))
        if over:
            paper.line(f"多付合计：{over}（大写：{over:capital}）")
        if short:
            paper.line(f"少付、未付合计：{short}（大写：{short:capital}）")
        for each in verdicts:
            if each.kind not in {Class.REPRODUCED, Class.WITHIN_CEILING}:
                says = f"{where(each).zh}：{_ADVICE[each.kind]}。理由：{each.judgement.why.zh}"
                paper.line(says, mark="·")
        rows_here = {each.payment.row for each in verdicts if each.payment is not None}
        for remark in self.audit.remarks:
            if rows_here & set(remark.rows):
                paper.line(f"清单问题：{remark.says.zh}（{remark.place}）", mark="·")

    def cells(self, each: Verdict, before: str) -> dict[str, str]:
        """Return a row of the first table by its headings."""
        difference = each.judgement.difference
        return {
            "位置": where(each).zh,
            "政策项目": title_of(each, self.audit).zh,
            "编号": each.item or "—",
            "日期": "—" if each.on is None else each.on.isoformat(),
            "已付（元）": "无法读取" if each.is_unread else _yuan(each.paid),
            _BEFORE: before or "—",
            "应付（元）": _due(each),
            "差额（元）": "—" if difference is None else _yuan(difference),
            "结论": LABELS[each.kind].zh,
        }

    def before(self, each: Verdict) -> str:
        """Return what was paid before a row: by the list itself, and what a cap counts besides."""
        parts = [f"清单内{_yuan(each.earlier)}"] if each.earlier else []
        if each.firm is not None and each.incentive is not None and each.on is not None:
            try:
                answer = self.audit.assessor.answer(each.firm, each.incentive, each.on)
            except ProfileError:
                return "；".join(parts)
            past = received_before(answer, each.item, self.audit.rules)
            parts += [f"以前{_yuan(past)}"] if past else []
        return "；".join(parts)

    def recomputed(self, paper: Paper, firm: Firm | None, verdicts: Sequence[Verdict]) -> None:
        """Write each decision: clause and quote, conditions, the sum step by step."""
        paper.section("二、依据与重新计算")
        if firm is None:
            paper.line("没有该单位的申报资料，未能重新计算。")
            return
        days: dict[tuple[str, Explanation], list[date]] = defaultdict(list)
        for incentive, on in _decisions(verdicts):
            try:
                answer = self.audit.assessor.answer(firm, incentive, on)
            except ProfileError as error:
                for finding in error.findings:
                    paper.line(f"资料有误：{finding.fact or ''} {finding.zh}")
                return
            days[incentive, explain_decision(answer.decision, full=True)].append(on)
        for number, ((incentive, explanation), dates) in enumerate(days.items(), start=1):
            title = self.audit.assessor.names.incentive(incentive).zh
            paper.heading(f"（{number}）{title}　评估日期：{'、'.join(map(str, dates))}")
            paper.line(f"规则编号：{incentive}")
            paper.line(explanation.headline.zh)
            for block in explanation.blocks:
                if block.part in _SHOWN:
                    paper.block(block)

    def sources(self, paper: Paper, firm: Firm, verdicts: Sequence[Verdict]) -> None:
        """Write every fact that the decisions read, and where it comes from."""
        paper.section("三、事实及其来源")
        names = sorted({each.incentive for each in verdicts if each.incentive is not None})
        try:
            rows = list(stated(firm, names, self.audit.assessor))
        except ProfileError:
            paper.line("资料有误，见第二部分。")
            return
        if not rows:
            paper.line("资料没有写明所需的事实。")
            return
        paper.table(("事实", "内容", "来源"), rows, widths=(70, 50, 68), right=set())

    def receipts(
        self, paper: Paper, firm: Firm | None, verdicts: Sequence[Verdict]
    ) -> list[Receipt]:
        """Write the digests and return the receipts, one for each day."""
        paper.section("五、复核凭据")
        paper.line(f"规则库摘要：{self.digest}")
        if firm is None:
            return []
        days: dict[date, set[str]] = defaultdict(set)
        for incentive, on in _decisions(verdicts):
            days[on].add(incentive)
        found = []
        for on, names in sorted(days.items()):
            try:
                profile = firm.profile(self.audit.rules.vocabulary)
            except ProfileError:
                return []
            options = self.audit.assessor.options
            assessment = _Assessed(self, profile, on, options, frozenset(names))
            receipt = issue(assessment, self.edition)
            paper.line(f"评估凭证（{on}）：{receipt.digest}")
            found.append(receipt)
        if found:
            paper.line("凭证文件与本底稿同名，可用 incentives verify 重算核验。")
        return found

    def sign(self, paper: Paper) -> None:
        """Write the places to sign."""
        paper.section("六、签章")
        paper.facts(
            [
                ("编制人", "", "编制日期", "　　　　年　　月　　日"),
                ("复核人", "", "复核日期", "　　　　年　　月　　日"),
            ]
        )
        paper.box("被审计单位意见：", "（盖章）　　　　　年　　月　　日")


class _Assessed(Assessment):
    """An assessment that names the digest of its rules, worked out once for all papers."""

    def __init__(self, office: _Office, *rest: Any) -> None:
        super().__init__(office.plan, *rest)
        self.rulebook = office


def _decisions(verdicts: Iterable[Verdict]) -> list[tuple[str, date]]:
    """Return the incentives and days that were decided, each once, in the order of the rows."""
    found: dict[tuple[str, date], None] = {}
    for each in verdicts:
        if each.firm is not None and each.incentive is not None and each.on is not None:
            found[each.incentive, each.on] = None
    return list(found)


def _yuan(fen: int) -> str:
    return str(Money(fen)).removesuffix("元")


def _due(each: Verdict) -> str:
    low, high = each.judgement.low, each.judgement.high
    if low is None:
        return "—"
    if high is None:
        return "未设上限"
    return _yuan(high) if low == high else f"{_yuan(low)}至{_yuan(high)}"
