"""Cards of an incentive and of a whole rulebook, in the one structure of explanations.

What a reader wants to see of a rule before anybody is assessed by it. Everything comes
from ``overview``; nothing is evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.overview import overview
from incentives.explain import words
from incentives.explain.outcome import note_line, quote_line
from incentives.explain.source import period_text
from incentives.explain.structure import Block, Explanation, Line, Part, Tone, block
from incentives.language.core import Text

if TYPE_CHECKING:
    from incentives.rulebook.model import Document, Incentive, Reading, Rules, Version

_TONES: Final = {
    "in_force": Tone.MET,
    "repealed": Tone.NOTE,
    "draft": Tone.OPEN,
    "historical": Tone.NOTE,
}
_PARTS: Final = {
    "fixed": Text("定额", "fixed amount"),
    "base": Text("基数", "base"),
    "rate": Text("比例", "rate"),
    "floor": Text("下限", "floor"),
    "cap": Text("上限", "cap"),
    "minimum": Text("起付额", "least that is paid"),
}


def incentive_card(rules: Rules, incentive: Incentive) -> Explanation:
    """Return what one incentive gives, to whom, under which conditions and figures."""
    data = overview(rules, incentive)
    version = incentive.versions[-1]
    blocks = (
        *_head(rules, incentive, data),
        *_conditions(version),
        *_figures(data["versions"][-1]),
        *_readings(incentive),
        *block(
            Part.NOTES,
            Text("原文没有写明之处", "What the text leaves open"),
            [note_line(note) for note in version.notes],
        ),
    )
    return Explanation(incentive.name, Tone.PLAIN, blocks, incentive.id)


def rulebook_card(rules: Rules, digest: str) -> Explanation:
    """Return the documents of a rulebook with the number of their incentives."""
    count = len(rules.incentives)
    headline = Text(
        f"规则库：{len(rules.documents)}份文件，{count}项政策",
        f"Rulebook: {len(rules.documents)} documents, {count} incentives",
    )
    lines = [_document(rules.documents[name], rules) for name in sorted(rules.documents)]
    end = Line(Text(f"摘要值：{digest}", f"Digest: {digest}"), Tone.NOTE)
    blocks = (
        *block(Part.SOURCE, Text("文件", "Documents"), lines),
        *block(Part.NOTES, None, [end]),
    )
    return Explanation(headline, Tone.PLAIN, blocks)


def _document(document: Document, rules: Rules) -> Line:
    own = sum(each.document.id == document.id for each in rules.incentives.values())
    region = rules.vocabulary.regions.get(document.jurisdiction)
    where = words.both(document.jurisdiction) if region is None else region.name
    status = words.LEGAL_STATUS[document.legal_status]
    period = period_text(document.effective)
    about = Text(
        f"{document.id}；{where.zh}；{status.zh}；{period.zh}",
        f"{document.id}; {where.get('en')}; {status.get('en')}; {period.get('en')}",
    )
    figure = Text(f"{own}项", f"{own} {'incentive' if own == 1 else 'incentives'}")
    return Line(document.title, _TONES[document.legal_status], figure, (Line(about, Tone.NOTE),))


def _head(rules: Rules, incentive: Incentive, data: dict[str, Any]) -> tuple[Block, ...]:
    version, document = incentive.versions[-1], incentive.document
    status = words.LEGAL_STATUS[document.legal_status]
    region = rules.vocabulary.regions.get(document.jurisdiction)
    where = words.both(document.jurisdiction) if region is None else region.name
    period = period_text(version.period)
    nature = words.ENTITLEMENT[incentive.entitlement]
    kinds = [data["recipients"].get(word) for word in incentive.recipient]
    whom = words.join(
        Text(word, word) if label is None else Text(label["zh"], label["en"])
        for word, label in zip(incentive.recipient, kinds, strict=True)
    )
    lines = [
        _field("编号", "Id", words.both(incentive.id)),
        _field(
            "依据",
            "Under",
            Text(
                f"《{document.title.zh}》{version.clause}【{status.zh}】",
                f"{document.title.get('en')}, {version.clause} [{status.get('en')}]",
            ),
        ),
        _field("地区", "Where", where),
        _field("对象", "For", whom),
        _field("执行期", "In force", period),
        _field("性质", "Nature", nature),
    ]
    for zh, en, text in (
        ("摘要", "In short", version.summary),
        ("支付给", "Paid to", version.paid_to),
        ("执行文件", "Refers to", version.refers_to),
        ("申报方式", "To apply", version.apply),
    ):
        if text is not None:
            lines.append(_field(zh, en, text))
    if version.quote is not None:
        lines.append(quote_line(version.quote))
    return block(Part.SOURCE, None, lines)


def _field(zh: str, en: str, text: Text) -> Line:
    return Line(Text(f"{zh}：{text.zh}", f"{en}: {text.get('en')}"))


def _conditions(version: Version) -> tuple[Block, ...]:
    lines = []
    for condition in version.conditions:
        says, clause = condition.says, condition.clause
        if clause is not None:
            says = Text(f"{says.zh}（{clause}）", f"{says.get('en')} ({clause})")
        quote = () if condition.quote is None else (quote_line(condition.quote),)
        parts = tuple(Line(part.says) for part in condition.parts)
        lines.append(Line(says, of=(*quote, *parts)))
    return block(Part.CONDITIONS, Text("条件", "Conditions"), lines)


def _figures(version: dict[str, Any]) -> tuple[Block, ...]:
    """Return the parameters: by what they are in the amount, else as the rule calls them."""
    parts = {item["is"]: _PARTS.get(item["part"]) for item in version["amount"]}
    lines = []
    for item in version["parameters"]:
        short = item["name"].rpartition(".")[2]
        name = parts.get(short) or words.both(short)
        for value in item["values"]:
            text = name
            if value["from"] or value["until"]:
                span = f"{value['from'] or '…'} — {value['until'] or '…'}"
                text = Text(f"{name.zh}（{span}）", f"{name.get('en')} ({span})")
            if item["clause"]:
                text = Text(
                    f"{text.zh}（{item['clause']}）", f"{text.get('en')} ({item['clause']})"
                )
            figure = Text(value["value"]["zh"], value["value"]["en"])
            lines.append(Line(text, figure=figure))
    return block(Part.SUM, Text("标准", "Figures"), lines)


def _readings(incentive: Incentive) -> tuple[Block, ...]:
    lines = [_reading(reading) for reading in incentive.readings]
    return block(Part.READINGS, Text("条文的不同理解", "Readings of the text"), lines)


def _reading(reading: Reading) -> Line:
    if not reading.default:
        return Line(reading.says, Tone.NOTE)
    says = reading.says
    return Line(Text(f"{says.zh}（采用）", f"{says.get('en')} (used here)"), Tone.MET)
