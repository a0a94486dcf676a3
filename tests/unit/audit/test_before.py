"""What was received before a list: the past that the engine took off, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import docx
import pytest
from tests.small import FIRM, ON, amount, book, entry
from tests.unit.audit.lists import audited, row

from incentives.audit.answers import Answer, Assessor
from incentives.audit.before import received_before
from incentives.audit.firms import Firm
from incentives.audit.papers import write_papers

if TYPE_CHECKING:
    from pathlib import Path

PER_ITEM = entry(each='"contract"') + amount(base="contract.paid", rate="10%")
OTHER = entry("other") + amount(fixed="1万元")
GROUP = '[[group]]\nid = "g"\nmembers = ["doc/award", "doc/other"]\nclause = "一"\n'
YEAR, LIFE = (f'[[incentive.total]]\ncap = "10万元"\nper = "{per}"\n'
              for per in ("year", "lifetime"))  # fmt: skip


def payment(of: str, fen: str, year: int = 2024, **more: Any) -> dict[str, Any]:
    return {"incentive": f"doc/{of}", "amount": fen, "year": year, **more}


def answer(body: str, *past: dict[str, Any]) -> tuple[Answer, Any]:
    rules = book(body).rules
    data = {
        "applicant": FIRM,
        "contract": [{"no": "1", "paid": "50万元", "signed_on": ON}],
        "received": list(past),
    }
    firm = Firm(None, "甲", data, "firms.csv")
    return Assessor(rules).answer(firm, "doc/award", ON), rules


@pytest.mark.parametrize(
    ("body", "past", "taken"),
    [
        (PER_ITEM, [payment("award", "3万元")], 0),
        (PER_ITEM + YEAR, [payment("award", "3万元", item="7")], 30_000),
        (PER_ITEM + YEAR, [payment("award", "3万元", 2023)], 0),
        (PER_ITEM + YEAR, [payment("award", "3万元", item="1")], 0),  # the item under assessment
        (PER_ITEM + LIFE, [payment("award", "3万元", 2023, item="7"),
                           payment("award", "2万元", item="8")], 50_000),
        (PER_ITEM + LIFE, [payment("award", "3万元", 2023)], 0),  # it may be for this item
        (PER_ITEM + YEAR + LIFE, [payment("award", "3万元", 2023, item="7")], 30_000),
        (PER_ITEM + YEAR, [payment("other", "3万元")], 0),
        (entry() + amount(fixed="5万元", less='received("doc/award", "lifetime")'),
         [payment("award", "2万元", 2022)], 20_000),
        (PER_ITEM + OTHER + GROUP + 'rule = "cap"\nlimit = "6万元"\nper = "year"\n',
         [payment("other", "3万元"), payment("other", "1万元", 2023)], 30_000),
        (PER_ITEM + OTHER + GROUP + 'rule = "top_up"\n', [payment("other", "3万元", 2020)], 30_000),
        (PER_ITEM + OTHER + GROUP + 'rule = "highest"\n', [payment("other", "3万元")], 0),
        (PER_ITEM.replace('"contract"', '"contract"\ndated_by = "contract.signed_on"') + YEAR,
         [payment("award", "3万元", item="7")], 30_000),
    ],
)  # fmt: skip
def test_what_the_past_takes(body: str, past: list[dict[str, Any]], taken: int) -> None:
    found, rules = answer(body, *past)
    item = "1" if found.decision.rule.each else None
    assert received_before(found, item, rules) == taken * 100


def test_an_unknown_past_takes_nothing_that_is_known() -> None:
    rules = book(PER_ITEM + YEAR).rules
    firm = Firm(None, "甲", {"applicant": FIRM, "contract": []}, "firms.csv")
    found = Assessor(rules).answer(firm, "doc/award", ON)
    assert received_before(found, None, rules) == 0


def table(path: Path) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in docx.Document(str(path)).tables[1].rows]


def test_a_paper_shows_what_was_paid_before_where_a_cap_counts_it(tmp_path: Path) -> None:
    registry = Firm(
        "91640200MA0000001W",
        "示例登记机构",
        {
            "applicant": {
                "kind": "other",
                "region": "640100",
                "contract_registry": True,
                "registered_contracts": {2023: "3亿元"},
            },
            "received": [
                {"incentive": "ningxia-technology-trade/registration-body",
                 "amount": "3万元", "year": 2024},
            ],
        },
        "firms.csv",
    )  # fmt: skip
    policy = "技术合同认定登记机构补助"
    rows = [
        row("40000.00", None, policy=policy),
        row("35000.00", None, "2024-07-01", policy=policy),
    ]
    (paper,) = write_papers(audited(rows, registry), tmp_path)
    heads, first, second, *_ = table(paper)
    at = heads.index("此前已付（元）")
    assert first[at] == "以前30,000.00"
    assert second[at] == "清单内40,000.00；以前30,000.00"
    assert second[heads.index("应付（元）")] == "70,000.00"
    assert second[heads.index("差额（元）")] == "5,000.00"
    assert any("此前已付中" in each.text for each in docx.Document(str(paper)).paragraphs)


def test_without_anything_before_there_is_no_such_column(tmp_path: Path) -> None:
    (paper,) = write_papers(audited([row("1.00", None, name="甲", code=None)]), tmp_path)
    assert "此前已付（元）" not in table(paper)[0]
