"""Regions and industries as terms: one number for each kind of code a rule can tell apart.

A rule sees a code only through the codes it names: equal to one, within one,
or too coarse to tell. Two codes that answer every such question alike are one
*class*, and one code stands for it. The classes are complete: along the tree of
the codes that are named, each node and a new code right below each node is among them.

The trap: two facts that are both codes cannot be compared by class; the encoder
refuses that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.proofs.solver import disj
from incentives.values.codes import (
    COUNTRY,
    DIVISIONS,
    SECTIONS,
    industry_within,
    region_within,
)
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PAIRS: Final = tuple(f"{number:02d}" for number in range(1, 100))


class Classes:
    """The classes of region or industry codes that the named codes tell apart.

    Args:
        kind: region or industry.
        named: every code that the rules name.
        known: codes that people know, preferred to stand for a class.
    """

    def __init__(self, kind: Kind, named: Iterable[str], known: Iterable[str] = ()) -> None:
        self.kind = kind
        self.named = sorted(set(named))
        listed = _regions(self.named) if kind is Kind.REGION else _industries(self.named)
        self._at: dict[tuple[Any, ...], int] = {}
        self.codes: list[str] = []
        for code in (*known, *listed):
            signature = self._signature(code)
            if signature not in self._at:
                self._at[signature] = len(self.codes)
                self.codes.append(code)

    def _signature(self, code: str) -> tuple[Any, ...]:
        same = tuple(code == other for other in self.named)
        return (*same, *(self.inside(code, other) for other in self.named))

    def inside(self, code: str, ancestor: str) -> bool | None:
        """Say whether a code lies within another; ``None`` where it is too coarse to tell."""
        if self.kind is Kind.REGION:
            return region_within(code, ancestor)
        return industry_within(code, ancestor)

    def index(self, code: str) -> int:
        """Return the class of a code."""
        return self._at[self._signature(code)]

    def within(self, code: Any, ancestor: str) -> tuple[Any, Any]:
        """Return when a code lies within ``ancestor``, and when it does not."""
        answers = [self.inside(each, ancestor) for each in self.codes]
        if isinstance(code, int):
            return answers[code] is True, answers[code] is False
        yes = disj(code == at for at, answer in enumerate(answers) if answer is True)
        no = disj(code == at for at, answer in enumerate(answers) if answer is False)
        return yes, no


def _regions(named: list[str]) -> Iterator[str]:
    """Yield the codes named, all above them, and every code right below each of those."""
    inner = [code for code in named if code != COUNTRY]
    tree = {COUNTRY, *named}
    tree |= {f"{code[:2]}0000" for code in inner} | {f"{code[:4]}00" for code in inner}
    yield from sorted(tree)
    yield from (f"{pair}0000" for pair in _PAIRS[9:])
    for code in sorted(tree - {COUNTRY}):
        if code.endswith("0000"):
            yield from (f"{code[:2]}{pair}00" for pair in _PAIRS)
        elif code.endswith("00"):
            yield from (f"{code[:4]}{pair}" for pair in _PAIRS)


def _industries(named: list[str]) -> Iterator[str]:
    """Yield every section, division, and named code, each with and without its letter."""
    yield from SECTIONS
    deep = {code.lstrip("ABCDEFGHIJKLMNOPQRST") for code in named} - {""}
    digits = set(DIVISIONS) | deep | {code[:3] for code in deep}
    digits |= {f"{code[:2]}{last}" for code in deep for last in "0123456789"}
    digits |= {f"{code[:3]}{last}" for code in deep if len(code) > 2 for last in "0123456789"}
    for code in sorted(digits):
        section, _ = DIVISIONS[code[:2]]
        yield code
        yield f"{section}{code}"
