"""What is fuzzed: each target takes bytes, and ends in a result or in the library's own error.

Any other exception is a finding; so is a broken law (what is written reads back).
Used by ``fuzz/run.py`` with atheris, and by the tests on the seeds and on every
input that once failed (``fuzz/found/``).
"""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import incentives
from incentives.audit.verify import Library, read_receipt, verify
from incentives.diagnostics import IncentivesError
from incentives.language.names import CheckError
from incentives.language.syntax import parse
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile, parse_profile
from incentives.rulebook.toml import decode, read_toml
from incentives.tabular.read import read_sheets
from incentives.values.money import Money
from incentives.values.quantity import QuantityError, read_quantity

if TYPE_CHECKING:
    from collections.abc import Callable

ON: Final = date(2024, 6, 1)


@cache
def _rulebook() -> incentives.Rulebook:
    return incentives.load()


@cache
def _library() -> Library:
    return Library(_rulebook().rules)


def toml(raw: bytes) -> None:
    """Rule files: bytes to data, and on to a rulebook."""
    try:
        source = decode(raw, "fuzz.toml")
        read_toml(source)
        build_rules([source])
    except IncentivesError:
        return


def expression(raw: bytes) -> None:
    """The expressions of the rule language."""
    try:
        parse(raw.decode("utf-8", "replace"), lambda *_: None)
    except CheckError:
        return


def profile(raw: bytes) -> None:
    """Profiles in TOML and in JSON, and their assessment."""
    for name in ("fuzz.toml", "fuzz.json"):
        try:
            data, locate = parse_profile(decode(raw, name))
            checked = Profile(data, _rulebook().vocabulary, locate=locate, allow_extra=True)
            _rulebook().assess(checked, on=ON, only=[]).to_dict()
        except IncentivesError:
            continue


def quantity(raw: bytes) -> None:
    """Quantities of rules and of profiles; money that is read is written and read again."""
    text = raw.decode("utf-8", "replace")
    for lenient in (False, True):
        try:
            read_quantity(text, lenient=lenient)
        except QuantityError:
            continue
    try:
        money = Money.parse(text)
    except (IncentivesError, ValueError):
        return
    for style in ("", "wan", "yi", "capital"):
        if Money.parse(format(money, style)) != money:
            raise AssertionError(f"{text!r} reads as {money!r}, but not from style {style!r}")
    if Money.yuan(format(money, "plain")) != money:
        raise AssertionError(f"{text!r} reads as {money!r}, but not from its plain figure")


def receipt(raw: bytes) -> None:
    """Receipts, and their replay."""
    try:
        verify(read_receipt(raw), _library())
    except IncentivesError:
        return


def _sheet(raw: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        try:
            read_sheets(path)
        except IncentivesError:
            return


def workbook(raw: bytes) -> None:
    """Spreadsheets."""
    _sheet(raw, "fuzz.xlsx")


def delimited(raw: bytes) -> None:
    """Tables as text."""
    _sheet(raw, "fuzz.csv")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    each.__name__: each
    for each in (toml, expression, profile, quantity, receipt, workbook, delimited)
}


_TEXTS: Final = {
    "expression": (
        'applicant.revenue[year - 1] >= "2亿元" and not applicant.dishonest',
        'sum(contract.paid where contract.kind in {"a", "b"}) * "10%"',
        "if(a > b, min(a, b), round(max(a, b) / 3))",
    ),
    "quantity": ("20万元", "1,234.56元", "12.5%", "7/3", "36 months", "人民币叁拾伍万元整"),
}


def seeds(target: str) -> list[bytes]:
    """Return inputs to start from: shipped files and texts that reach far."""
    from incentives.resources import examples_path, rules_path

    if target == "toml":
        return [path.read_bytes() for path in sorted(rules_path().glob("*.toml"))[:6]]
    if target == "profile":
        return [path.read_bytes() for path in sorted(examples_path().glob("*.toml"))]
    if target in _TEXTS:
        return [text.encode() for text in _TEXTS[target]]
    if target == "receipt":
        return [bytes(_rulebook().assess("example:centre", on=ON).receipt().raw)]
    if target == "delimited":
        return ["企业名称,金额\n甲,1万元\n".encode(), "名称\t金额\n乙\t2元\n".encode("gb18030")]
    return [_workbook()]


def _workbook() -> bytes:
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["企业名称", "金额", "日期"])
        sheet.write_row(1, 0, ["甲", 12.5, "2024-06-01"])
    return out.getvalue()
