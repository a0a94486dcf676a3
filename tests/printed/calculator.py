"""An independent calculator: reads the printed sum of an explanation and does it again.

Knows nothing of the library. It takes the section 计算 of a Chinese text, unwrapped,
checks every ``formula = result`` and keeps a running figure; lines that begin with
``·`` are checked and change nothing. Money is in yuan, as an exact fraction. A figure
that is only known as a range is a ``Span``: what is printed must lie in what interval
arithmetic gives, and be it where both ends meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = r"[-−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?(?:元又\d+/\d+分|元|%|‰)?"
RANGE = rf"(?:不低于|不超过){NUMBER}|{NUMBER}至{NUMBER}|未知|尚不能确定"
TOKEN = re.compile(
    rf"(?:最|较)[小大]值\(|[^\s(),]*到[\d,.]+元\(| [+−×÷^] |[(),]"
    rf"|（(?:{RANGE})）|(?:{RANGE}|{NUMBER})(?=[\s(),]|$)"
)
CEILING = re.compile(rf"以上为上限：最高({NUMBER})(?:，最低({NUMBER}))?，")
UNSETTLED = re.compile(rf"([上下])限({NUMBER})：((?:{RANGE})|{NUMBER})")


@dataclass(frozen=True)
class Span:
    """What a figure can be, both ends included; exact but for infinity."""

    lo: Any
    hi: Any

    def __contains__(self, other: Span) -> bool:
        return bool(self.lo <= other.lo and other.hi <= self.hi)

    def with_each(self, other: Span, do: Callable[[Any, Any], Any]) -> Span:
        ends = [do(a, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Span(min(ends), max(ends))


def point(value: Fraction) -> Span:
    return Span(value, value)


def times(a: Any, b: Any) -> Any:
    return a * b if a and b else Fraction(0)


def divided(a: Any, b: Any) -> Any:
    return Fraction(0) if abs(b) == inf else a / b


def exact(text: str) -> Fraction:
    text = text.replace(",", "").replace("−", "-")
    if (mixed := re.fullmatch(r"(-?)([\d.]+)元又(\d+)/(\d+)分", text)) is not None:
        size = Fraction(mixed[2]) + Fraction(int(mixed[3]), int(mixed[4])) / 100
        return -size if mixed[1] else size
    return Fraction(text.rstrip("元%‰")) / {"%": 100, "‰": 1000}.get(text[-1], 1)


def figure(text: str) -> Span:
    """Return a printed figure: one number, or a range in words."""
    text = text.strip("（）")
    if text in {"未知", "尚不能确定"}:
        return Span(-inf, inf)
    if text.startswith("不低于"):
        return Span(exact(text[3:]), inf)
    if text.startswith("不超过"):
        return Span(-inf, exact(text[3:]))
    low, _, high = text.partition("至")
    return Span(exact(low), exact(high or low))


def evaluate(tokens: list[str], level: int = 1) -> Span:
    """Sums (1) of products (2) of figures and brackets; labels are no tokens."""
    if level == 3:
        token = tokens.pop(0)
        if not token.endswith("("):
            return figure(token)
        values = [evaluate(tokens)]
        while tokens.pop(0) == ",":
            values.append(evaluate(tokens))
        choose: Callable[[list[Any]], Any] = max if "大" in token else min
        return Span(choose([each.lo for each in values]), choose([each.hi for each in values]))
    value = evaluate(tokens, level + 1)
    while tokens and tokens[0] in ({" + ", " − "} if level == 1 else {" × ", " ÷ "}):
        sign, right = tokens.pop(0), evaluate(tokens, level + 1)
        if sign == " ÷ ":
            value = value.with_each(right, divided)
        elif sign == " × ":
            value = value.with_each(right, times)
        elif sign == " + ":
            value = Span(value.lo + right.lo, value.hi + right.hi)
        else:
            value = Span(value.lo - right.hi, value.hi - right.lo)
    return value


def agrees(computed: Span, printed: Span) -> bool:
    """Say whether a printed figure may stand for what was computed."""
    if printed == Span(-inf, inf):
        return bool(computed.hi == inf)
    return printed in computed


def replay(lines: list[str], running: Span | None = None) -> Span | None:
    """Return what the printed lines of one amount come to; raise where a line is wrong."""
    for line in lines:
        whole = line.removeprefix("· ")
        body, before, good = whole.rpartition("：")[2], running, True
        if " → " in body:
            old, running = map(figure, body.split(" → "))
            good = before in {None, old}
        elif " = " in body:
            formula, _, result = body.rpartition(" = ")
            running = figure(result)
            good = agrees(evaluate(TOKEN.findall(formula)), running)
        elif (found := UNSETTLED.fullmatch(whole)) is not None:
            limit, running = exact(found[2]), figure(found[3])
            choose: Callable[..., Any] = min if found[1] == "上" else max
            good = before is not None and agrees(
                Span(choose(before.lo, limit), choose(before.hi, limit)), running
            )
        elif (found := CEILING.match(whole)) is not None:
            running = Span(exact(found[2] or "0元"), exact(found[1]))
            good = before is not None and before.hi == running.hi
        elif (
            found := re.match(r"按([上下])限(\S+?)计，(?:超出的|增加)(.+?)(?:不计)?$", body)
        ) is not None:
            running, change = figure(found[2]), exact(found[3])
            good = before is not None and before.lo - running.lo == (
                change if found[1] == "上" else -change
            )
        elif (found := re.match(r"(低于|正好等于)上限(.+?)(?:，相差(.+))?$", body)) is not None:
            gap = exact(found[3] or "0元")
            good = before is not None and before.lo + gap == exact(found[2])
        elif (found := re.search(r"按([^，]+)计$", body)) is not None or (
            found := re.fullmatch(rf"(?:.* )?({NUMBER})", body)
        ) is not None:
            running = figure(found[1])
        if not good:
            raise AssertionError(f"this line does not add up: {line}")
        running = before if line.startswith("·") else running
    return running


def recompute(text: str) -> Fraction | None:
    """Return what the section 计算 of a printed explanation comes to, in yuan."""
    section = re.search(r"^计算\n((?:  .*\n)*)", text, re.MULTILINE)
    lines = section[1].splitlines() if section else []
    running: Span | None = None
    for at, line in enumerate(lines):
        if line.startswith(("  ✓", "  ?")) and "元" in line:
            until = next((n for n in range(at + 1, len(lines)) if lines[n][2] != " "), len(lines))
            own = [each[4:] for each in lines[at + 1 : until] if each[4:6] not in {"✗ ", "? "}]
            running = replay(own)
            if running != figure(line.split()[-1]):
                raise AssertionError(f"this item does not add up: {line}")
        elif line[2:3] not in {" ", "✗", "→", "✓", "?", "!"}:
            running = replay([line[2:]], running)
    if running is None or running.lo != running.hi:
        return None
    return Fraction(running.lo)
