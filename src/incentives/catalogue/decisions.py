"""The findings of a batch about its rows and its outputs: E590 to E599."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Entry, entry

ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        "E590",
        ("这一户未能评估，问题出在本程序", "A firm could not be decided, by a fault of ours"),
        (
            "程序在这一户上出错。给出猜测的结论会让人误以为已经评估过，所以这一行只写错误，其他各户不受影响。",
            (
                "The program failed on this firm. A guessed decision would look like a real one, "
                "so the row holds only the error; no other firm is touched."
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
)
