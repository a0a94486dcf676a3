"""The sheet 依据: every decision with its reasons, and its sum in formulas.

The words are those of the explanation; below them stands the same sum once more, row by
row, in formulas over the sheet 填报. Where formulas cannot come to the fen the sheet says
so, and the amount is a plain figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from incentives.engine.outcome import Status
from incentives.explain import words
from incentives.explain.decision import explain_decision
from incentives.explain.replay import awards, cap_of, subtotal
from incentives.explain.structure import Part, Tone
from incentives.language import core
from incentives.language.core import Text
from incentives.office.live import Live, NotLiveError, Num, constant
from incentives.office.styles import fitting, height_of, lines_of
from incentives.values.quantity import exact_decimal
from incentives.values.unknown import Unknown, bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from incentives.engine.derive import Step
    from incentives.engine.results import Decision
    from incentives.explain.names import Names
    from incentives.explain.replay import Award
    from incentives.explain.structure import Line
    from incentives.office.live import Row
    from incentives.office.styles import Book

TITLE: Final = Text("依据", "Basis")
_WIDTHS: Final = (6, 92, 22, 18, 12)
_TEXT_WIDTH: Final = 92
_LIVE: Final = {Status.ELIGIBLE, Status.UNDETERMINED}
_TONES: Final = {Tone.MET: "met", Tone.FAILED: "failed", Tone.OPEN: "unknown"}
_LEAD: Final = Text(
    "每项先写依据、条件和评估时的计算，再用公式重算一遍：金额取自“填报”，"
    "分子、分母均为整数（金额以分计），与引擎的结果一分不差。",
    "Each item gives its source, conditions and sum as assessed, then the sum again in formulas: "
    "figures come from the facts, both parts are whole numbers (money in fen), and the result is "
    "that of the engine to the fen.",
)
_COLUMNS: Final = (
    Text("步骤", "Step"),
    Text("随填报重算", "Recomputed"),
    Text("金额（元）", "Amount (yuan)"),
    Text("分子（分）", "Numerator (fen)"),
    Text("分母", "Denominator"),
)
_DUE: Final = Text("应得金额", "Amount due")
_AT_MOST: Final = Text("最高金额（由主管部门核定）", "At most (the payer decides)")
_TOGETHER: Final = Text("各项合计", "all items together")
_WITHIN: Final = Text("按合计上限计", "within the cap on all together")
_LEAST: Final = Text("最低", "The least")
_MOST: Final = Text("最高", "The most")
_ALL_LEAST: Final = Text("各项合计，最低", "all items together, the least")
_ALL_MOST: Final = Text("各项合计，最高", "all items together, the most")
_GROUP: Final = Text(
    "与同组政策一并计算，公式不能单独重算", "it is settled with others of its group"
)
_ITEMS: Final = Text(
    "各项之间还要合并计算（同一对象只计一项，或合计上限）",
    "items are settled together (one for each, or a cap on all)",
)


@dataclass(slots=True)
class Basis:
    """Writes the sheet; ``yuan`` holds the cells of the least and most that are recomputed."""

    book: Book
    sheet: Any
    names: Names
    facts: Mapping[str, Num]
    lang: str
    yuan: dict[str, tuple[str, str]] = field(default_factory=dict)
    fen: dict[str, Num] = field(default_factory=dict)
    row: int = 1

    def head(self) -> None:
        """Write the title."""
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self.merged("title", TITLE.get(self.lang))
        self.sheet.set_row(0, 34)
        self.merged("lead", _LEAD.get(self.lang), lines=2)

    def decision(self, decision: Decision, number: int) -> None:
        """Write one decision, whatever its outcome."""
        self.row += 1
        found = explain_decision(decision)
        self.merged("section", f"{number}　{found.headline.get(self.lang)}", lines=1)
        for block in found.blocks:
            if block.title is not None:
                self.text("", block.title.get(self.lang), "", "label")
            for line in block.lines:
                self.line(line)
            if block.part is Part.SUM:
                self.recompute(decision)

    # ── words ─────────────────────────────────────────────────────────────────

    def merged(self, style: str, text: str, lines: int = 0) -> None:
        """Write a row over all columns."""
        self.sheet.merge_range(self.row - 1, 0, self.row - 1, 4, "", self.book.format(style))
        self.sheet.write_string(self.row - 1, 0, fitting(text), self.book.format(style))
        if lines:
            self.sheet.set_row(self.row - 1, height_of(lines))
        self.row += 1

    def text(self, mark: str, text: str, figure: str, style: str) -> None:
        """Write a row of words: a mark, a sentence, perhaps a figure."""
        at = self.row - 1
        self.sheet.write_string(at, 0, mark, self.book.format("number"))
        self.sheet.write_string(at, 1, fitting(text), self.book.format(style))
        self.sheet.write_string(at, 2, fitting(figure), self.book.format(style))
        for column in (3, 4):
            self.sheet.write_blank(at, column, None, self.book.format(style))
        most = max(lines_of(text, _TEXT_WIDTH - 4), lines_of(figure, _WIDTHS[2] - 1))
        self.sheet.set_row(at, height_of(most))
        self.row += 1

    def line(self, line: Line, depth: int = 0) -> None:
        """Write a line of the explanation and those below it, indented."""
        tone = _TONES.get(line.tone)
        mark = {"met": "✓", "failed": "✗", "unknown": "？"}.get(tone or "", "")
        figure = "" if line.figure is None else line.figure.get(self.lang)
        quiet = line.tone in {Tone.QUOTE, Tone.NOTE}
        text = f"{'　' * depth}{line.text.get(self.lang)}"
        self.text(mark, text, figure, "note" if quiet else "text")
        for part in line.of:
            self.line(part, depth + 1)

    # ── formulas ──────────────────────────────────────────────────────────────

    def recompute(self, decision: Decision) -> None:
        """Write the sum of a decision in formulas, or why there is none."""
        live = Live(self.names, self.facts, self.fen, self.row + 1)
        try:
            low, high = self.total(decision, live)
            live.check()
        except NotLiveError as error:
            says = error.says
            en, zh = f"Not recomputed: {says.get('en')}", f"本项不随填报重算：{says.zh}"
            self.text("", Text(zh, en).get(self.lang), "", "note")
            return
        for column, heading in enumerate(_COLUMNS):
            named = heading.get(self.lang)
            self.sheet.write_string(self.row - 1, column, named, self.book.format("head"))
        self.row += 1
        first = self.row
        for number, row in enumerate(live.rows, start=1):
            self.formula_row(number, row)
        span = f"D{first}:E{self.row - 1}"
        guard = f"MAX(MAX({span}),-MIN({span}))>{live.most}"
        if decision.is_ceiling:
            cell = self.due(_AT_MOST, high, guard)
            self.yuan[decision.incentive] = (cell, cell)
        elif low == high:
            cell = self.due(_DUE, low, guard)
            self.yuan[decision.incentive] = (cell, cell)
            self.fen[decision.incentive] = low
        else:
            cells = self.due(_LEAST, low, guard), self.due(_MOST, high, guard)
            self.yuan[decision.incentive] = cells

    def formula_row(self, number: int, row: Row) -> None:
        """Write both parts of a figure and the figure itself."""
        at, says = self.row, row.says.get(self.lang)
        style = self.book.format
        self.sheet.write_string(at - 1, 0, f"({number})", style("number"))
        self.sheet.write_string(at - 1, 1, fitting(says), style("text"))
        self.sheet.set_row(at - 1, height_of(lines_of(says, _TEXT_WIDTH - 4)))
        self.part(at, 3, row.num.top, row.num.n)
        self.part(at, 4, row.num.below, row.num.d)
        scale = 100 if row.is_money else 1
        formula = f"=D{at}/E{at}/100" if row.is_money else f"=D{at}/E{at}"
        kind = "step" if row.is_money else "ratio"
        self.sheet.write_formula(at - 1, 2, formula, style(kind), decimal_of(row.num.exact / scale))
        self.row += 1

    def part(self, row: int, column: int, text: str, value: int) -> None:
        """Write a whole number: as it is where nothing can change it, else as a formula."""
        if text.isdecimal():
            self.sheet.write_number(row - 1, column, int(text), self.book.format("whole"))
        else:
            self.sheet.write_formula(row - 1, column, f"={text}", self.book.format("whole"), value)

    def due(self, says: Text, total: Num, guard: str) -> str:
        """Write an amount in yuan and return its cell; an error where a figure is too large."""
        at, style = self.row, self.book.format
        self.sheet.write_string(at - 1, 0, "", style("total_label"))
        self.sheet.write_string(at - 1, 1, says.get(self.lang), style("total_label"))
        for column in (3, 4):
            self.sheet.write_blank(at - 1, column, None, style("total_label"))
        formula = f"=IF({guard},NA(),{total.top}/100)"
        self.sheet.write_formula(at - 1, 2, formula, style("total"), decimal_of(total.exact / 100))
        self.row += 1
        return f"'{self.sheet.get_name()}'!$C${at}"

    # ── what is summed ────────────────────────────────────────────────────────

    def total(self, decision: Decision, live: Live) -> tuple[Num, Num]:
        """Return the least and the most a decision gives.

        Raises:
            NotLiveError: formulas do not come to what the engine decided.
        """
        found = awards(decision)
        if decision.rule.each is None or not decision.items:
            one = self.award(found[0], live, Text(""))
            totals = one, one
        else:
            totals = self.items(decision, found, live)
        given = decision.range
        if given is None or given.high is None:
            raise NotLiveError(_GROUP)
        least = decision.is_ceiling or totals[0].exact == given.low.fen
        if not least or totals[1].exact != given.high.fen:
            raise NotLiveError(_GROUP)
        return totals

    def award(self, award: Award, live: Live, item: Text) -> Num:
        """Return what one item, or the incentive, comes to."""
        step = award.step
        if step is None or award.part.status is not Status.ELIGIBLE:
            raise NotLiveError(Text("条件尚未全部确定", "not every condition is settled"))
        ceiling = _ceiling(step)
        live.item = item
        found = live.final(step if ceiling is None else ceiling)
        value = award.part.value
        if ceiling is None and value != found.exact:
            raise NotLiveError(Text("金额由已作决定确定", "a recorded decision set the amount"))
        return found

    def items(self, decision: Decision, found: tuple[Award, ...], live: Live) -> tuple[Num, Num]:
        """Return the sums over items, held to a plain cap on all of them."""
        if decision.is_ceiling:
            raise NotLiveError(_ITEMS)
        label = self.names.path(decision.rule.each or "")
        lows, highs = [], []
        for award in found:
            if award.part.status not in _LIVE:
                continue
            key = award.part.key
            item = Text(f"{label.zh} {key} ", f"{label.get('en')} {key} ")
            low, high = self.item(award, live, item)
            lows.append(low)
            highs.append(high)
        live.item = Text("")
        if not lows:
            raise NotLiveError(_ITEMS)
        cap = _plain_cap(decision)
        after = bounds(subtotal(decision))
        totals: list[Num] = []
        for parts, wanted, says in zip((lows, highs), after, (_ALL_LEAST, _ALL_MOST), strict=True):
            if lows == highs and totals:
                totals.append(totals[0])
                continue
            total = live.add(_TOGETHER if lows == highs else says, parts)
            if cap is not None and min(total.exact, cap) == wanted:
                total = live.least(_WITHIN, [total, constant(cap, words.money(cap))])
            if total.exact != wanted:
                raise NotLiveError(_ITEMS)
            totals.append(total)
        return totals[0], totals[1]

    def item(self, award: Award, live: Live, item: Text) -> tuple[Num, Num]:
        """Return the least and the most of one item; what is open is a plain figure."""
        value = award.part.award
        if not isinstance(value, Unknown):
            one = self.award(award, live, item)
            return one, one
        low, high = value.lo or 0, value.hi
        if high is None:
            raise NotLiveError(Text("有一项没有上限", "an item has no bound"))
        open_ = Text("（尚不能确定）", " (open)")
        says = [words.join([item, words.money(end), open_], "", "") for end in (low, high)]
        return constant(low, says[0]), constant(high, says[1])


def _plain_cap(decision: Decision) -> Any:
    """Return the cap on all items where there is just one and it is one figure."""
    totals = decision.version.totals
    if len(totals) != 1 or totals[0].by is not None or decision.version.distinct is not None:
        return None
    cap = cap_of(totals[0], decision)
    return None if isinstance(cap, Unknown) else cap


def _ceiling(step: Step) -> Step | None:
    """Return the upper end where the step that was taken is a ceiling."""
    if isinstance(step.node, core.UpTo):
        return step.of[1]
    if isinstance(step.node, core.If | core.Pick) and len(step.of) == 2:
        return _ceiling(step.of[1])
    return None


def decimal_of(value: Fraction) -> Decimal:
    """Return a figure as its cell holds it: exact where 15 digits suffice, else cut off."""
    text = exact_decimal(value, most=12)
    if text is not None:
        return Decimal(text)
    scaled = value * 10**12
    whole = scaled.numerator // scaled.denominator
    sign = "-" if whole < 0 else ""
    digits = str(abs(whole)).zfill(13)
    return Decimal(f"{sign}{digits[:-12]}.{digits[-12:]}")
