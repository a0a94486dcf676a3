"""An independent calculator: reads the printed sum of an explanation and does it again.

Knows nothing of the library. It takes the section 计算 of a Chinese text, unwrapped,
checks every ``formula = result`` and keeps a running figure; lines that begin with
``·`` are checked and change nothing. Money is in yuan, as an exact fraction.
"""

from __future__ import annotations

import re
from fractions import Fraction

NUMBER = r"[-−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?(?:元又\d+/\d+分|元|%|‰)?"
TOKEN = re.compile(
    rf"(?:最|较)[小大]值\(|[^\s(),]*到[\d,.]+元\(| [+−×÷^] |[(),]|{NUMBER}(?=[\s(),]|$)"
)


def figure(text: str) -> Fraction:
    text = text.replace(",", "").replace("−", "-")
    if (mixed := re.fullmatch(r"(-?)([\d.]+)元又(\d+)/(\d+)分", text)) is not None:
        size = Fraction(mixed[2]) + Fraction(int(mixed[3]), int(mixed[4])) / 100
        return -size if mixed[1] else size
    return Fraction(text.rstrip("元%‰")) / {"%": 100, "‰": 1000}.get(text[-1], 1)


def evaluate(tokens: list[str], level: int = 1) -> Fraction:
    """Sums (1) of products (2) of figures and brackets; labels are no tokens."""
    if level == 3:
        token = tokens.pop(0)
        if not token.endswith("("):
            return figure(token)
        values = [evaluate(tokens)]
        while tokens.pop(0) == ",":
            values.append(evaluate(tokens))
        return max(values) if "大" in token else min(values)
    value = evaluate(tokens, level + 1)
    while tokens and tokens[0] in ({" + ", " − "} if level == 1 else {" × ", " ÷ "}):
        sign, right = tokens.pop(0), evaluate(tokens, level + 1)
        if sign == " ÷ ":
            value /= right
        else:
            value = {" + ": value + right, " − ": value - right, " × ": value * right}[sign]
    return value


def replay(lines: list[str], running: Fraction | None = None) -> Fraction | None:
    """Return what the printed lines of one amount come to; raise where a line is wrong."""
    for line in lines:
        body, before, good = line.removeprefix("· ").rpartition("：")[2], running, True
        if " → " in body:
            old, running = map(figure, body.split(" → "))
            good = before in {None, old}
        elif " = " in body:
            formula, _, result = body.rpartition(" = ")
            running = figure(result)
            good = evaluate(TOKEN.findall(formula)) == running
        elif (
            found := re.match(r"按([上下])限(\S+?)计，(?:超出的|增加)(.+?)(?:不计)?$", body)
        ) is not None:
            running, change = figure(found[2]), figure(found[3])
            good = before is not None and before - running == (
                change if found[1] == "上" else -change
            )
        elif (found := re.match(r"(低于|正好等于)上限(.+?)(?:，相差(.+))?$", body)) is not None:
            good = before is not None and before + figure(found[3] or "0元") == figure(found[2])
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
    running: Fraction | None = None
    for at, line in enumerate(lines):
        if line.startswith(("  ✓", "  ?")) and "元" in line:
            until = next((n for n in range(at + 1, len(lines)) if lines[n][2] != " "), len(lines))
            own = [each[4:] for each in lines[at + 1 : until] if each[4:6] not in {"✗ ", "? "}]
            running = replay(own)
            if running != figure(line.split()[-1]):
                raise AssertionError(f"this item does not add up: {line}")
        elif line[2:3] not in {" ", "✗", "→", "✓", "?", "!"}:
            running = replay([line[2:]], running)
    return running
