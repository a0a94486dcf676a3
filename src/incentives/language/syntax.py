"""Text to a restricted syntax tree: Python's expression grammar, and most of it refused.

The standard library's parser reads the text; it is never evaluated. What
leaves this module is one of ``ALLOWED`` and bounded in size, so that the
checker can trust the shape.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import NO_NOTE, Edit, Pair
from incentives.language.names import CheckError, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from incentives.diagnostics import Span

MAX_LENGTH: Final = 2_000
MAX_NODES: Final = 200

ALLOWED: Final = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.BoolOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Set,
    ast.BinOp,
    ast.IfExp,
    ast.Call,
    ast.GeneratorExp,
    ast.Constant,
)
_GRAMMAR: Final = (
    ast.comprehension,
    ast.Load,
    ast.Store,
    ast.boolop,
    ast.unaryop,
    ast.cmpop,
    ast.operator,
)
_BRACES: Final[Pair] = (
    'write a list in braces: {"a", "b"}',
    '列表用花括号写：{"a", "b"}',
)
_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*\"""")
_WIDE_QUOTED: Final = re.compile("""“[^“”"]*”|＂[^＂"]*＂|‘[^‘’"]*’""")
_WIDE: Final = {
    **{chr(at): chr(at - 0xFEE0) for at in range(0xFF01, 0xFF5F) if chr(at) not in "＂＇＃＼"},
    "×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "−": "-", "–": "-",
    "【": "[", "】": "]", "、": ",", "\u3000": " ",
}  # fmt: skip
"""What a Chinese keyboard writes, and what is meant; not what ends a text or begins a comment."""


_LINE_ENDS: Final = {ord(end): " " for end in "\n\r\f"}


def parse(text: str, place: Callable[[int, int], Span | None]) -> ast.expr:
    """Return the syntax tree of one expression.

    Raises:
        CheckError: too long, too large, not an expression, or with a
            construct outside the language; the finding points at it.
    """
    whole = place(0, len(text))
    if len(text) > MAX_LENGTH:
        raise problem(
            "E210",
            (
                f"an expression has at most {MAX_LENGTH} characters",
                f"一个表达式最多{MAX_LENGTH}个字符",
            ),
            (whole, ("this is longer", "这里超长了")),
        )
    tree = _tree(text, place)
    nodes = [node for node in ast.walk(tree) if not isinstance(node, _GRAMMAR)]
    if len(nodes) > MAX_NODES:
        raise problem(
            "E211",
            (
                f"an expression has at most {MAX_NODES} parts; this has {len(nodes)}",
                f"一个表达式最多{MAX_NODES}个部分，这里有{len(nodes)}个",
            ),
            (whole, NO_NOTE),
            help=(
                "give a part of it a name with [[definition]]",
                "把其中一部分写成 [[definition]]，起个名字",
            ),
        )
    columns = Columns(text, place)
    for node in nodes:
        if not isinstance(node, ALLOWED):
            name = type(node).__name__
            raise problem(
                "E212",
                (f"`{name}` is not part of the rule language", "规则语言里没有这种写法"),
                (
                    columns.span(node) if isinstance(node, ast.expr) else whole,
                    ("not allowed here", "不能写在这里"),
                ),
                help=_BRACES if isinstance(node, ast.List | ast.Tuple) else None,
            )
    _as_it_looks(text, nodes, columns, place)
    return tree


def _as_it_looks(
    text: str, nodes: list[ast.AST], columns: Columns, place: Callable[[int, int], Span | None]
) -> None:
    """Refuse what Python reads as something else than a reader of the file does.

    A ``#`` hides the rest of the expression, further lines included; two texts side by
    side are one; letters that only look like plain ones are read as plain ones.
    """
    bare = list(text)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            start, end = columns.chars(node)
            literal = text[start:end]
            bare[start:end] = " " * (end - start)
            if "\\" not in literal and literal[-1] in literal.lstrip("rRuU")[1:-1]:
                raise problem(
                    "E212",
                    ("two texts stand side by side", "两段文本连在一起，中间没有逗号"),
                    (place(start, end), ("here", "在这里")),
                    help=("put a comma between them", "两段之间加半角逗号"),
                )
    for at, char in enumerate(bare):
        if char == "#":
            raise problem(
                "E212",
                ("a comment cannot stand in an expression", "表达式里不能写注释"),
                (
                    place(at, len(text)),
                    ("everything after # would be lost", "“#”以后的内容都会丢掉"),
                ),
                help=(
                    "write the comment on a line of its own, outside the quotes",
                    "注释另起一行，写在引号外面",
                ),
            )
        plain = unicodedata.normalize("NFKC", char)
        if plain != char:
            raise problem(
                "E213",
                (
                    f"`{char}` in an expression only looks like `{plain}`",
                    f"表达式里的“{char}”只是看起来像“{plain}”",
                ),
                (place(at, at + 1), ("this character", "这个字符")),
                help=(f"write `{plain}`", f"请写“{plain}”"),
                instead=_narrow(place(at, at + 1), char, plain),
            )


def _tree(text: str, place: Callable[[int, int], Span | None]) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A surrounding parenthesis would hide faults; leading blanks would be an indent.
            return ast.parse(_one_line(text).strip() or "?", mode="eval").body
    except SyntaxError as error:
        blanks = len(text) - len(text.lstrip())
        at = min(blanks + (error.offset or len(text)) - 1, len(text) - 1) if text else 0
        wide = _wide(text, place)
        if wide is not None:
            raise wide from None
        raise problem(
            "E214",
            (
                f"this is not an expression: {error.msg}",
                f"这不是完整的表达式：{_in_chinese(error.msg)}",
            ),
            (place(at, at + 1), NO_NOTE),
            help=_hint(text),
        ) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise problem(
            "E214",
            (f"this is not an expression: {error}", "这不是完整的表达式：括号或运算套得太深"),
            (place(0, len(text)), NO_NOTE),
        ) from None


_PARSER: Final = (
    ("was never closed", "左括号没有配对"),
    ("unmatched", "右括号没有配对"),
    ("does not match", "左右括号不是一对"),
    ("unterminated", "引号没有配对"),
    ("too many nested", "括号套得太多"),
    ("invalid character", "有表达式里不能用的字符"),
    ("non-printable character", "有看不见的字符"),
    ("literal", "数字写法不对"),
    ("leading zeros", "数字写法不对"),
    ("forgot a comma", "此处可能缺少逗号"),
)


def _in_chinese(said: str) -> str:
    """Return what Python's parser says in Chinese."""
    return next((zh for part, zh in _PARSER if part in said), "此处写法不对")


def _wide(text: str, place: Callable[[int, int], Span | None]) -> CheckError | None:
    """Return the error for characters that only look like those of an expression, if any.

    All of them are mended at once: one change alone may not make it an expression.
    """
    unquoted = _QUOTED.sub(_blanks, text)
    quotes = [at for found in _WIDE_QUOTED.finditer(unquoted) for at in _ends(found)]
    bare = _WIDE_QUOTED.sub(_blanks, unquoted)
    instead = {at: _WIDE[char] for at, char in enumerate(bare) if char in _WIDE}
    instead |= dict.fromkeys(quotes, '"')
    if not instead:
        return None
    at = min(instead)
    plain = instead[at]
    shown = ("a space", "空格") if plain == " " else (f"`{plain}`", f"“{plain}”")
    error = problem(
        "E213",
        (f"full-width `{text[at]}` in an expression", f"表达式里有全角的“{text[at]}”"),
        (place(at, at + 1), ("this character", "这个字符")),
        help=(f"write {shown[0]}", f"请改为半角的{shown[1]}"),
    )
    edits = tuple(
        Edit(span, new)
        for each, new in instead.items()
        if (span := place(each, each + 1)) is not None
        and span.source.text[span.start : span.end] == text[each]  # nothing was escaped
    )
    closed = not {"'", '"'} & set(bare)
    if len(edits) == len(instead) and closed and (not quotes or _is_literal(place)):
        error.finding = replace(error.finding, edits=edits)
    return error


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _ends(found: re.Match[str]) -> tuple[int, int]:
    return found.start(), found.end() - 1


def _is_literal(place: Callable[[int, int], Span | None]) -> bool:
    """Say whether the expression stands between single quotes, where a double one may stand."""
    start = place(0, 0)
    return start is not None and start.source.text[start.start - 1 : start.start] == "'"


def _narrow(span: Span | None, wide: str, plain: str) -> str | None:
    """Return what to write for ``wide`` if that mends it: not a quote, which may end the text."""
    exact = span is not None and span.source.text[span.start : span.end] == wide
    fits = len(plain) == 1 and plain.isascii() and plain not in {"'", '"', "\\"}
    return plain if exact and fits else None


def _one_line(text: str) -> str:
    """Return the text with blanks for line ends: Python's parser would count lines, or stop."""
    return text.translate(_LINE_ENDS)


def _hint(text: str) -> Pair | None:
    if "&&" in text or "||" in text:
        return "write `and`, `or`, `not`", "并且写“and”，或者写“or”，非写“not”"
    if "=" in text and not any(op in text for op in ("==", "<=", ">=", "!=")):
        return "equality is written `==`", "等于写作“==”"
    bare = _QUOTED.sub("", text)
    if "'" in bare or '"' in bare:
        return "see that every quotation mark has its partner", "检查引号是否成对"
    if any(bare.count(left) != bare.count(right) for left, right in ("()", "[]", "{}")):
        return "see that every bracket has its partner", "检查括号是否成对"
    return None


class Columns:
    """Places of syntax nodes, in characters: the parser counts bytes of UTF-8."""

    def __init__(self, text: str, place: Callable[[int, int], Span | None]) -> None:
        self._blanks = len(text) - len(text.lstrip())
        self._bytes = _one_line(text.lstrip()).encode()
        self._place = place

    def span(self, node: ast.expr) -> Span | None:
        """Return where ``node`` stands in its file."""
        return self._place(*self.chars(node))

    def chars(self, node: ast.expr) -> tuple[int, int]:
        """Return the first character of ``node`` in the text, and the one after it."""
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
        return self._chars(node.col_offset), self._chars(end)

    def _chars(self, offset: int) -> int:
        return self._blanks + len(self._bytes[:offset].decode(errors="replace"))
