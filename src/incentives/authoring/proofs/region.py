"""Where two texts are compared: an expression of the rule language, typed by hand.

It may use the facts of the applicant, ``on`` and ``year``, the figures of the
incentive by their names, and figures given beside it (``limit=20万元``): as in a
rule, an expression itself holds no figures but 0 and 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.authoring.expressions import of_version, unique, versions_of
from incentives.authoring.proofs.comparing import Region
from incentives.diagnostics import Label, RulebookError, Source, Span, fault
from incentives.language import core
from incentives.language.core import Dated
from incentives.language.functions import NAMES, check
from incentives.language.names import CheckError, Parameter, Scope, is_name
from incentives.rulebook.lowering import QUANTITIES
from incentives.values import types as t
from incentives.values.quantity import QuantityError, read_quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incentives.rulebook.model import Incentive, Rules


def region(rules: Rules, incentive: Incentive, text: str, figures: Sequence[str] = ()) -> Region:
    """Return a region as an expression.

    Args:
        rules: whose vocabulary the expression uses.
        incentive: whose figures it may name.
        text: the expression.
        figures: further figures, each ``name=20万元``.

    Raises:
        RulebookError: what is wrong with it, pointing at the place.
    """
    source = Source("--where", text)
    names = _own(incentive)
    for given in figures:
        name, parameter = _given(given)
        names[name] = parameter
    scope = Scope(
        entities=rules.vocabulary.entities,
        facts=rules.vocabulary.facts,
        names=names,
        place=lambda start, end: Span(source, start, end),
    )
    try:
        return Region(check(text, scope, t.BOOL).expr, text)
    except CheckError as error:
        raise RulebookError([error.finding]) from None


def _own(incentive: Incentive) -> dict[str, Parameter]:
    """Return the figures of an incentive by the last part of their paths: the newest text's."""
    found: dict[str, Parameter] = {}
    for version in (incentive.versions[-1], *versions_of(incentive)):
        for expr in of_version(version):
            for node in unique(expr):
                if isinstance(node, core.Param):
                    name = node.path.rpartition(".")[2]
                    found.setdefault(name, Parameter(node.path, node.values, node.type))
    return found


def _given(text: str) -> tuple[str, Parameter]:
    name, _, value = text.partition("=")
    name = name.strip()
    source = Source("--let", text)
    whole = Label(Span(source, 0, len(text)))
    try:
        quantity = read_quantity(value.strip())
    except QuantityError as error:
        said, remedy = error.texts
        raise RulebookError([fault("E230", said, whole, help=remedy)]) from None
    if quantity is None or not is_name(name, NAMES):
        nothing = fault(
            "E230",
            (f"`{text}` names no figure", f"“{text}”没有写明名称和数值"),
            whole,
            help=(
                "write a name and a quantity, as limit=20万元 or share=10%",
                "写成“名称=数值”，如 limit=20万元 或 share=10%",
            ),
        )
        raise RulebookError([nothing])
    dated = (Dated(quantity.value),)
    return name, Parameter(f"let.{name}", dated, QUANTITIES[quantity.kind])
