"""How facts, values, regions and incentives are called: labels of the vocabulary, never paths.

The trap: a fact's label belongs to whoever wrote the vocabulary; it may be long
and may hold brackets. Nothing here parses a label.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from incentives.explain import words
from incentives.language import core
from incentives.language.core import Text
from incentives.language.names import APPLICANT, FactSpec
from incentives.values.types import BOOL, COUNT, MONEY, RATIO, ZERO, Kind, Type
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.engine.derive import Step
    from incentives.language.core import Expr
    from incentives.rulebook.model import Document, Rules

_PATH: Final = re.compile(
    r"([a-z][a-z0-9_]*)(?:\[(.*)\])?(?:\.([a-z][a-z0-9_]*))?(?:\.(\d{1,4}))?", re.DOTALL
)


class Names:
    """Looks up what things are called in one rulebook."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.vocabulary = rules.vocabulary

    # ── facts ────────────────────────────────────────────────────────────────

    def path(self, path: str) -> Text:
        """Return the label of a fact path: ``contract[2024-0019].performed_amount``."""
        match = _PATH.fullmatch(path)
        entity = self.vocabulary.entities.get(match[1]) if match else None
        if match is None or entity is None:
            return words.both(path)
        name, key, fact, year = match[1], match[2], match[3], match[4]
        label = entity.label
        spec = self.vocabulary.facts.get((name, fact)) if fact else None
        if key is not None:
            label = Text(f"{label.zh}{key}", f"{label.get('en')} {key}")
        if spec is None:
            return label
        own = self.with_year(spec.label, year)
        if name == APPLICANT or not entity.many:
            return own
        return Text(f"{label.zh}的{own.zh}", f"{label.get('en')}: {own.get('en')}")

    def with_year(self, label: Text, year: object) -> Text:
        """Return the label of one year of a series."""
        if year is None:
            return label
        return Text(f"{year}年{label.zh}", f"{label.get('en')} in {year}")

    def spec_of(self, path: str) -> tuple[FactSpec | None, str | None]:
        """Return the fact a path names and its year; ``None`` for a list."""
        match = _PATH.fullmatch(path)
        if match is None or match[3] is None:
            return None, None
        return self.vocabulary.facts.get((match[1], match[3])), match[4]

    def spec(self, node: Expr) -> FactSpec | None:
        """Return the fact that a node reads, ``None`` for other nodes."""
        if isinstance(node, core.Fact):
            return self.vocabulary.facts.get((node.entity, node.name))
        return None

    def fact(self, step: Step) -> Text:
        """Return the label of a fact as it was read; of another item, with the item."""
        node = step.node
        if not isinstance(node, core.Fact):
            raise TypeError(f"{type(node).__name__} reads no fact")
        if node.record != node.entity:
            return self.path(step.label)
        spec = self.spec(node)
        year = step.of[0].value if step.of and not isinstance(step.of[0].value, Unknown) else None
        return words.both(step.label) if spec is None else self.with_year(spec.label, year)

    # ── values ───────────────────────────────────────────────────────────────

    def value(self, value: Any, kind: Type | None, spec: FactSpec | None = None) -> Text:
        """Return a value in words: known, a range, or unknown."""
        if isinstance(value, Unknown):
            return self.unknown(value, kind, spec)
        if isinstance(value, tuple):
            return words.join([self.value(each, kind, spec) for each in value])
        if spec is not None and value in spec.choices:
            return spec.choices[value]
        if kind is not None and kind.kind is Kind.REGION:
            return self.region(str(value))
        if kind is not None and kind.kind is Kind.TEXT:
            found = self.rules.incentives.get(str(value))
            if found is not None:
                return found.name
        if kind is not None and kind.year:
            return words.both(str(value))
        return words.known(value, kind)

    def unknown(self, value: Unknown, kind: Type | None, spec: FactSpec | None) -> Text:
        """Return what is known of an unknown value."""
        lo, hi = value.lo, value.hi
        if value.faults and lo is None and hi is None:
            return Text("无法计算", "not computable")
        if value.options is not None and spec is not None and value.options != spec.type.options:
            options = [spec.choices.get(word, words.both(word)) for word in sorted(value.options)]
            return words.wrap(Text("未知（", "unknown ("), words.join(options), Text("之一）", ")"))
        if (lo is None or lo == 0) and hi is None:
            return words.UNKNOWN
        if spec is not None and (lo, hi) == (spec.lo, spec.hi):
            return words.UNKNOWN
        low = None if lo is None else self.value(lo, kind, spec)
        high = None if hi is None else self.value(hi, kind, spec)
        if low is None or high is None:
            end = low or high or words.UNKNOWN
            more = Text("不低于", "at least ") if low is not None else Text("不超过", "at most ")
            return words.wrap(more, end)
        return Text(f"{low.zh}至{high.zh}", f"{low.get('en')} to {high.get('en')}")

    def region(self, code: str) -> Text:
        """Return a region by name and code; by its code alone where it has no name here."""
        found = self.vocabulary.regions.get(code)
        if found is None:
            return words.both(code)
        return Text(f"{found.name.zh}（{code}）", f"{found.name.get('en')} ({code})")

    def payer(self, payer: str | None) -> Text:
        """Return who pays: a region by name, another payer as the rules call it."""
        if payer is None:
            return Text("申报主体所在地", "the applicant's locality")
        found = self.vocabulary.regions.get(payer)
        return self.region(payer) if found is not None else words.both(payer)

    def incentive(self, name: str) -> Text:
        """Return the name of an incentive."""
        found = self.rules.incentives.get(name)
        return words.both(name) if found is None else found.name

    def document(self, document: Document) -> Text:
        """Return the title of a document, in Chinese between title marks."""
        return Text(f"《{document.title.zh}》", document.title.get("en"))


def type_of(node: Expr) -> Type | None:
    """Return the type of what a node gives, ``None`` where that takes no figure."""
    match node:
        case core.Const() | core.Param() | core.Fact():
            return node.type
        case core.Var():
            return Type(Kind.COUNT, year=True)
        case core.On():
            return Type(Kind.DATE)
        case core.Add(of) | core.Min(of) | core.Max(of):
            return _joined(list(of))
        case core.Neg(of) | core.Round(of):
            return type_of(of)
        case core.Mul(left, right):
            kinds = {kind.kind for kind in (type_of(left), type_of(right)) if kind is not None}
            return MONEY if Kind.MONEY in kinds else RATIO if Kind.RATIO in kinds else COUNT
        case core.Div(left, right):
            top, below = type_of(left), type_of(right)
            money = top is not None and top.kind is Kind.MONEY
            return MONEY if money and (below is None or below.kind is not Kind.MONEY) else RATIO
        case core.Pow():
            return RATIO
        case core.If(_, then, otherwise):
            return _joined([then, otherwise])
        case core.Pick(rows, otherwise):
            return _joined(
                [value for _, value in rows] + ([] if otherwise is None else [otherwise])
            )
        case core.UpTo() | core.AwardOf():
            return MONEY
        case core.ReceivedOf():
            return BOOL if node.exists else MONEY
        case core.Over():
            return _fold_type(node)
        case core.DateOp():
            return _date_type(node)
        case core.Fail():
            return None
        case _:
            return BOOL


def _joined(nodes: list[Expr]) -> Type | None:
    kinds = [kind for kind in map(type_of, nodes) if kind is not None]
    settled = [kind for kind in kinds if kind.kind is not Kind.ZERO]
    found = next((kind for kind in settled if kind.kind is not Kind.COUNT), None)
    return found or next(iter(settled), ZERO if kinds else None)


def _fold_type(node: core.Over) -> Type | None:
    if node.fold is core.Fold.COUNT:
        return COUNT
    return BOOL if node.fold in {core.Fold.ANY, core.Fold.ALL} else type_of(node.body)


def _date_type(node: core.DateOp) -> Type:
    dates = {core.DateFunction.START_OF, core.DateFunction.END_OF, core.DateFunction.ADD}
    if node.function in dates:
        return Type(Kind.DATE)
    return Type(Kind.COUNT, year=node.function is core.DateFunction.YEAR_OF)
