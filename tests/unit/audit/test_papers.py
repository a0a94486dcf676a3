"""The working papers: the audit's figures, each fact with its origin, receipts that replay."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import docx
import pytest
from tests.unit.audit.lists import OTHER, audited, contract, firm, row, rulebook

from incentives.audit.papers import write_papers
from incentives.audit.verify import Library, read_receipt, verify
from incentives.diagnostics import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

BAD_NAME = "示例\x07<w:t>中心&\u202e"


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    parts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        parts += [cell.text for line in table.rows for cell in line.cells]
    return "\n".join(parts)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: Any) -> list[Path]:
    place: Path = tmp_path_factory.mktemp("papers")
    rows = [
        row("150000.01", "1"),
        row("123456.78", "2"),
        row("1.00", "9", code=None, name=BAD_NAME),
        row("80000.00", "1", code=OTHER, name="另一中心"),
    ]
    result = audited(
        rows,
        firm(contract("1"), contract("2", "1234567.85元")),
        firm(contract("1", "80万元"), code=OTHER, name="另一中心", applicant={"region": "六"}),
    )
    return write_papers(result, place)


def test_there_is_a_paper_for_each_applicant(papers: list[Path]) -> None:
    assert [path.name for path in papers] == [
        "底稿-0001-91640200MA0000001W.docx",
        "底稿-0002-无代码.docx",
        f"底稿-0003-{OTHER}.docx",
    ]


def test_a_paper_says_what_was_paid_and_due_in_figures_and_capitals(papers: list[Path]) -> None:
    text = text_of(papers[0])
    for words in (
        "审计工作底稿", "SJ-0001", "示例中心",
        "已付合计：273,456.79元（大写：人民币贰拾柒万叁仟肆佰伍拾陆元柒角玖分）",
        "多付合计：0.01元（大写：人民币壹分）",
        "少付、未付合计：0.01元（大写：人民币壹分）",
        "第2行：多付，应核实后收回差额。理由：应付150,000.00元",
    ):  # fmt: skip
        assert words in text


def test_a_paper_quotes_the_clause_and_shows_the_sum(papers: list[Path]) -> None:
    text = text_of(papers[0])
    for words in (
        "二（三）6", "按照实际履行金额的 10% 给予奖励", "高校、科研院所与企业签订",
        "实际履行金额1,234,567.85元 × 10% = 123,456.785元", "四舍五入到0.01元",
    ):  # fmt: skip
        assert words in text.replace(" 1,234", "1,234")


def test_each_fact_has_its_origin(papers: list[Path]) -> None:
    text = text_of(papers[0])
    assert "技术合同2的实际履行金额\n1,234,567.85元\nfirms.csv" in text


def test_the_receipt_beside_a_paper_is_the_one_it_names_and_replays(papers: list[Path]) -> None:
    raw = papers[0].with_suffix(".json").read_bytes()
    receipt = read_receipt(raw)
    assert receipt.digest in text_of(papers[0])
    assert verify(receipt, Library(rulebook().rules)).verdict == "reproduced"


def test_a_name_from_outside_is_shown_and_never_obeyed(papers: list[Path]) -> None:
    text = text_of(papers[1])
    assert "示例\\u0007<w:t>中心&\\u202e" in text
    assert "没有该单位的申报资料" in text


def test_a_profile_with_faults_is_said(papers: list[Path]) -> None:
    assert "资料有误" in text_of(papers[2])
    assert not papers[2].with_suffix(".json").exists()


def test_a_paper_is_a4_with_numbered_pages_and_places_to_sign(papers: list[Path]) -> None:
    document = docx.Document(str(papers[0]))
    page = document.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert 'w:instr="NUMPAGES"' in page.footer._element.xml
    text = text_of(papers[0])
    for words in ("编制人", "复核人", "被审计单位意见", "盖章"):
        assert words in text


def test_without_the_package_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"incentives\[docx\]"):
        write_papers(audited([row("1.00")], firm(contract("1"))), tmp_path)


def test_a_paper_says_which_amounts_cannot_be_read(tmp_path: Path) -> None:
    rows = [row("150000.00", "1"), row("约15万", "2")]
    (paper,) = write_papers(audited(rows, firm(contract("1"), contract("2"))), tmp_path)
    text = text_of(paper)
    assert "无法读取" in text.splitlines()
    assert "；另有1笔金额无法读取，未计入" in text
