"""Write docs/reference/errors.md, every finding code explained; ``make catalogue``.

``page`` returns the text; a test compares it with what is committed.
"""

# ruff: noqa: INP001 - a script, no package
from __future__ import annotations

from pathlib import Path
from typing import Final

from incentives.catalogue import CATALOGUE

PAGE: Final = Path(__file__).resolve().parent / "reference" / "errors.md"
GROUPS: Final = {
    "E0": "文件 · Files",
    "E1": "规则文件的键 · Keys of rule files",
    "E2": "规则语言 · The rule language",
    "E3": "申报资料 · Profiles",
    "E5": "表格 · Tables and workbooks",
    "E6": "凭证和审计 · Receipts and audits",
    "E7": "证明 · Proofs",
    "E8": "批量评估 · Batches",
    "W4": "规则检查 · Warnings to whoever writes rules",
}


def page() -> str:
    """Return the page: one section a code, in the order of the codes."""
    lines = ["# 提示代码 · Finding codes", ""]
    lines += ["`incentives error CODE` prints the same. A code never changes its meaning.", ""]
    group = None
    for code, entry in sorted(CATALOGUE.items()):
        if code[:2] != group:
            group = code[:2]
            lines += [f"## {GROUPS[group]}", ""]
        lines += [f"### {code} {entry.title.zh} · {entry.title.en}", ""]
        for both in (entry.why, entry.remedy):
            lines += [both.zh, "", both.en, ""]
        lines += ["```toml", f"# 不行 · refused or warned of\n{entry.bad}", ""]
        lines += [f"# 可以 · taken\n{entry.good}", "```", ""]
    return "\n".join(lines)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
