"""The law of plain cells: SQL gives the value that reading the cell by itself gives."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp
from tests.small import rules

from incentives.batch.inputs.cells import route
from incentives.batch.inputs.sources import cell_type
from incentives.batch.sql import trees
from incentives.rulebook.facts import read_fact
from incentives.values.unknown import Unknown

if TYPE_CHECKING:
    from incentives.language.names import FactSpec

SPECS = rules("").vocabulary.specs["applicant"]
USCC = replace(SPECS["name"], check="uscc")


def held(spec: FactSpec, unit: str | None, cells: pa.Array) -> int:
    """Hold every plain cell against the cell read by itself; return how many were plain."""
    connection = duckdb.connect()
    connection.register("t", pa.table({"c": cells}))
    kind = cell_type(connection.table("t").types[0])
    way = route(spec, unit, "c", kind)
    query = exp.select(way.key, way.plain, way.value).from_(trees.table("t"))
    plain = 0
    for key, is_plain, value in connection.execute(query.sql("duckdb")).fetchall():
        if key is None or not is_plain:
            continue
        plain += 1
        known = read_fact(spec, way.read(key), "f")
        assert known.__class__ is not Unknown
        assert Fraction(value, way.scale) == known if isinstance(value, int) else value == known
    return plain


def amount(rng: random.Random) -> str:
    whole = str(rng.randrange(10 ** rng.randrange(1, 19)))
    if rng.random() < 0.3:
        whole = f"{int(whole):,}"
    part = (
        "" if rng.random() < 0.4 else "." + "".join(rng.choices("0123456789", k=rng.randrange(12)))
    )
    return rng.choice(["", "", "-", "+"]) + rng.choice(["", "0"]) + whole + part


@pytest.mark.parametrize("name", ["spend", "balance"])
@pytest.mark.parametrize("unit", [None, "分", "元", "万元", "亿元"])
def test_amounts_as_text(name: str, unit: str | None) -> None:
    rng = random.Random(f"{name} {unit}")
    ends = ["元", "万元", "亿元", "", "万", " 元"] if unit is None else ["", "", "元"]
    texts = [amount(rng) + rng.choice(ends) for _ in range(2_000)]
    assert held(SPECS[name], unit, pa.array([*texts, "", None, "１元", "元", "."])) > 100


@pytest.mark.parametrize(
    ("name", "unit"),
    [("spend", u) for u in ("分", "元", "万元", "亿元")]
    + [("balance", "元"), ("staff", None), ("share", "%"), ("share", "‰"), ("share", "1")],
)
@pytest.mark.parametrize(
    "digits", [(9, 2), (18, 0), (18, 4), (18, 10), (38, 2), (38, 12), (30, 22)]
)
def test_decimals(name: str, unit: str | None, digits: tuple[int, int]) -> None:
    rng = random.Random(f"{name} {unit} {digits}")
    width, scale = digits
    numbers = [
        Decimal(rng.randrange(-(10 ** (d - 1)), 10**d)).scaleb(-scale)
        for d in (rng.randrange(1, width + 1) for _ in range(500))
    ]
    zeros = [Decimal(rng.randrange(10 ** min(6, width - scale))) for _ in range(50)]
    cells = pa.array([*numbers, *zeros, None], pa.decimal128(width, scale))
    held(SPECS[name], unit, cells)


@pytest.mark.parametrize(
    "kind", [pa.int8(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64()], ids=str
)
def test_whole_numbers(kind: Any) -> None:
    bits = kind.bit_width - (0 if str(kind).startswith("u") else 1)
    low = 0 if str(kind).startswith("u") else -(2**bits)
    rng = random.Random(str(kind))
    numbers = [rng.randrange(low, 2**bits) >> rng.randrange(kind.bit_width) for _ in range(300)]
    cells = pa.array([*numbers, low, 2**bits - 1, 0, 1, None], kind)
    for name, unit in (("staff", None), ("spend", "分"), ("spend", "亿元"), ("share", "%")):
        assert held(SPECS[name], unit, cells) > 10
    assert held(rules("").vocabulary.specs["contract"]["score"], None, cells) > 1


def test_counts_as_text() -> None:
    texts = [
        "0",
        "12",
        "-1",
        "+1",
        "1.0",
        "007",
        "9" * 17,
        "9" * 18,
        "9" * 19,
        " 3 ",
        "３",
        "",
        "x",
    ]
    assert held(SPECS["staff"], None, pa.array(texts)) == 4


def test_texts_and_credit_codes() -> None:
    texts = [
        "甲公司",
        "甲 公司",
        " 甲",
        "甲\u200b",
        "a\tb",
        "（甲）",
        "",
        "x" * 300,
        "\ue000",
        "𠀀",
    ]
    assert held(SPECS["name"], None, pa.array(texts)) >= 4
    rng = random.Random(5)
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXYIOZSVa "
    codes = ["".join(rng.choices(signs[:31], k=18)) for _ in range(3_000)]
    codes += [code[:at] + rng.choice(signs) + code[at + 1 :] for code in codes for at in (3, 17)]
    assert held(USCC, None, pa.array(codes)) > 100


def test_every_right_credit_code_is_plain() -> None:
    from incentives.values.codes import CodeError, uscc_check

    rng = random.Random(6)
    right = []
    for code in (
        "".join(rng.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=18)) for _ in range(2_000)
    ):
        try:
            uscc_check(code)
        except CodeError:
            continue
        right.append(code)
    assert len(right) > 20
    assert held(USCC, None, pa.array(right)) == len(right)
