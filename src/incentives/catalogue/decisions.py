"""The findings of a batch about its rows and its outputs: E590 to E599."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E590",
        ("未能得出结论，问题出在本程序", "A decision could not be made, by a fault of ours"),
        (
            "程序在这一户的这一项上出错。猜测的结论会让人误以为已经评估过，所以这一行只写错误，其他各行不受影响。",
            (
                "The program failed on this firm and incentive. A guessed decision would look "
                "like a real one, so the row holds only the error; no other row is touched."
            ),
        ),
        (
            "用 incentives check 单独评估这一户可看到详情；请把资料和提示一并反馈。",
            "Assess this firm alone with incentives check to see more, and report both.",
        ),
        "# 状态列为 error，原因列以 E590 开头",
        "# 其余各行照常给出结论",
    ),
    entry(
        "E591",
        ("行数超过工作表的上限", "More rows than a worksheet holds"),
        (
            "一张工作表最多 1,048,576 行；超出的行会被表格软件悄悄丢掉。",
            (
                "A worksheet holds 1,048,576 rows; a spreadsheet would silently drop what is "
                "beyond them."
            ),
        ),
        (
            "把结果写成 .parquet 或 .csv，或用 --only 只评估需要的政策。",
            "Write .parquet or .csv, or decide fewer incentives with --only.",
        ),
        "incentives batch firms.parquet --key id -o decisions.xlsx",
        "incentives batch firms.parquet --key id -o decisions.parquet",
    ),
    entry(
        "E592",
        ("资料有误的户数太多", "Too many firms have faults"),
        (
            (
                "给了 --max-errors，而有误的户数超过它：多半是列对错了，或者单位写错了，"
                "评估下去没有意义。"
            ),
            (
                "--max-errors was given and more firms than that have faults: most likely a "
                "column or a unit is wrong, and deciding the rest would mean little."
            ),
        ),
        (
            "去掉 --max-errors 再运行一次，查看每户的问题，改正后重来。",
            "Run it once without --max-errors, read the faults, and mend them.",
        ),
        "incentives batch firms.csv --key id --max-errors 0 -o decisions.parquet",
        "incentives batch firms.csv --key id -o decisions.parquet",
    ),
    entry(
        "E593",
        ("找不到要说明的那一行，或它的资料", "A row, or what it came from, cannot be found"),
        (
            (
                "explain --from 要从结论文件里取出一行，再用当时的资料重新评估；"
                "文件、行号或资料不对，就无从说明。"
            ),
            (
                "explain --from takes a row from a file of decisions and decides it again from "
                "the inputs; without the file, the row or an input there is nothing to explain."
            ),
        ),
        (
            "核对文件和行号；资料换了地方的，用 --table applicant=文件 指明。",
            "Check the file and the row; say with --table applicant=FILE where an input lies now.",
        ),
        "incentives explain --from decisions.csv --row 0",
        "incentives explain --from decisions.parquet --row 1",
    ),
    entry(
        "E594",
        ("表的名称不在词汇表中，或没有每户一行的表", "A table of nothing known, or none of firms"),
        (
            "每张表是词汇表中一类事项的清单；名称不对，就不知道每一行是什么。",
            (
                "Each table lists what one entity of the vocabulary stands for; under another "
                "name nobody knows what its rows are."
            ),
        ),
        (
            "用提示里列出的名称，如 --table contract=contracts.csv。",
            "Use one of the names listed, as in --table contract=contracts.csv.",
        ),
        "--table contracts=contracts.csv",
        "--table contract=contracts.csv",
    ),
)
