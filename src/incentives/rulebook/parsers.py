"""What the parsers of JSON and TOML say, said again for whoever wrote the file.

They speak English, and of their own grammar. The law kept here: every sentence is
in both languages, with the same line and column, and no word of a parser is passed
on to a Chinese reader (``tests/unit/rulebook/test_parsers.py`` provokes each).

The trap: parsers change their wording with their versions. What is not known here
is told as its place alone, never in the parser's words.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from incentives.diagnostics import Pair

_WRONG: Final[Pair] = ("this is not written as it should be", "此处写法不对")

# The beginning of what the parser says → what that means, in English and Chinese.
_JSON: Final[dict[str, Pair]] = {
    "Expecting property name": (
        "a key in double quotes is needed here; no comma stands after the last entry",
        "此处应为带双引号的键；最后一项后面不能有逗号",
    ),
    "Illegal trailing comma": (
        "no comma stands after the last entry",
        "最后一项后面不能有逗号",
    ),
    "Expecting value": (
        "a value is needed here: a text in double quotes, a number, true, false or null",
        "此处应有一个值：带双引号的文字、数、true、false 或 null",
    ),
    "Expecting ':'": ("a colon is needed between key and value", "键和值之间缺少冒号（半角）"),
    "Expecting ','": (
        "a comma is needed between two entries, or a closing bracket",
        "两项之间缺少逗号（半角），或缺少右括号",
    ),
    "Unterminated string": (
        "the text that begins here has no closing quotation mark",
        "从此处开始的文字没有收尾的双引号",
    ),
    "Extra data": ("the JSON ends before this", "JSON 到此处之前已经结束，后面不应再有内容"),
    "Invalid control character": (
        "a text holds a line end or a tab: write \\n or \\t",
        "文字里有换行或制表符，应写成 \\n 或 \\t",
    ),
    "Invalid \\": (
        "a backslash begins nothing known: write it twice",
        "反斜杠用法不对：要写反斜杠本身，请写两个",
    ),
    "Unexpected UTF-8 BOM": (
        "the file begins with a byte order mark: save it without",
        "文件开头有字节顺序标记（BOM），请存为不带 BOM 的 UTF-8",
    ),
}
_TOML: Final[tuple[tuple[str, str], ...]] = (
    ("invalid statement", "这一行不是“键 = 值”，也不是表头"),
    ("expected newline or end of document", "一行只写一项，此处应换行"),
    ("expected '='", "键后面应有“=”"),
    ("expected ']'", "表头缺少右方括号"),
    ("expected", "此处少了该有的符号"),
    ("unclosed array", "列表没有右方括号，或两项之间缺少逗号"),
    ("unclosed inline table", "花括号没有配对，或两项之间缺少逗号"),
    ("invalid value", "此处应有一个值"),
    ("invalid initial character", "键名不能这样开头"),
    ("invalid date", "日历上没有这个日期"),
    ("invalid hex", "反斜杠后面的编码不对"),
    ("escaped character", "反斜杠后面的编码不对"),
    ("unescaped", "反斜杠用法不对"),
    ("unterminated", "文字没有收尾的引号"),
    ("illegal character", "文字没有收尾的引号，或里面有不能出现的字符"),
    ("found invalid character", "有不能出现的字符"),
    ("cannot overwrite", "同一个键写了两次"),
    ("duplicate inline table", "同一个键写了两次"),
    ("cannot declare", "同一个表写了两次"),
    ("cannot mutate", "这个表已经写完，不能再添加"),
    ("cannot redefine", "这个表已经写完，不能再添加"),
    ("too many", "套得太深"),
)


def json_fault(error: Exception) -> Pair:
    """Return why a text is not JSON, with line and column where there is one.

    Args:
        error: what ``json.loads``, or decoding UTF-8 before it, raised.
    """
    match error:
        case json.JSONDecodeError():
            known = (said for start, said in _JSON.items() if error.msg.startswith(start))
            en, zh = next(known, _WRONG)
            at = error.lineno, error.colno
            return f"line {at[0]}, column {at[1]}: {en}", f"第{at[0]}行第{at[1]}列：{zh}"
        case UnicodeDecodeError():
            return (
                f"byte {error.start + 1} is no part of UTF-8",
                f"第{error.start + 1}个字节不是 UTF-8 编码",
            )
        case RecursionError():
            return "it is nested too deep", "嵌套层数太多"
        case ValueError() if re.search("limit.*digits", str(error)):
            return "it holds a number of too many digits", "有一个数的位数太多"
        case _:
            return _WRONG


def toml_fault(said: str) -> str:
    """Return in Chinese what the parser of TOML says at a place."""
    return next((zh for start, zh in _TOML if said.lower().startswith(start)), _WRONG[1])
