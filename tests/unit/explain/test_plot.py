"""The picture of a curve: well formed, escaped, the same bytes each time."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from incentives.engine.curve import Curve, Segment
from incentives.engine.outcome import Status
from incentives.explain.plot import curve_svg
from incentives.language.core import Text

YES = Status.ELIGIBLE
CAPPED = Curve(
    "d/i",
    "contract[1].paid",
    money=True,
    ceiling=False,
    stated=None,
    segments=(
        Segment(0, 333_333_333, YES, 0, Fraction(3, 10), Fraction(1, 2), 0, 100_000_000),
        Segment(333_333_334, None, YES, 100_000_000, 0, 0, 100_000_000, None),
    ),
)
CLIFF = Curve(
    "d/i",
    "applicant.staff.2023",
    money=False,
    ceiling=True,
    stated=5,
    segments=(
        Segment(0, 300, YES, 0, 1_000_000, 0, 0, 300_000_000),
        Segment(301, None, Status.INELIGIBLE, 0, 0, 0, 0, None),
    ),
)


def texts(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.text)  # noqa: S314 - our own text


def test_the_cap_and_the_kink_are_named() -> None:
    shown = texts(curve_svg(CAPPED, Text("奖励", "Award"), Text("合同额", "Contract")))
    assert "最高100万元" in shown
    assert "333.333333…万元 → 100万元" in shown
    assert "合同额（万元）" in shown


def test_a_cliff_says_up_to_where() -> None:
    zh = texts(curve_svg(CLIFF, Text("奖励", "Award"), Text("人数", "Staff")))
    en = texts(curve_svg(CLIFF, Text("奖励", "Award"), Text("人数", "Staff"), "en"))
    assert "300为止 → 300万元" in zh
    assert "up to 300 → 300万元" in en
    assert "金额上限（万元）" in zh


def test_every_text_is_escaped() -> None:
    evil = Text("</text><script>alert('1')</script>&\x00\"", None)
    svg = curve_svg(CAPPED, evil, evil)
    assert "<script" not in svg
    assert "\x00" not in svg
    assert "alert('1')" in texts(svg)


def test_the_same_curve_gives_the_same_bytes() -> None:
    title, base = Text("奖励"), Text("合同额")
    assert curve_svg(CAPPED, title, base) == curve_svg(CAPPED, title, base)
