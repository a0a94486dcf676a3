"""What typer says by itself, in Chinese: usage lines, headings, errors of the command line.

typer is not translated. An error is known by its class and what it carries, or else by its
English sentence; one that is not known is shown as it is after a Chinese beginning
(``tests/unit/cli/test_usage.py`` tries every kind).

The trap: newer versions of typer carry a copy of click, older ones use click itself. So
nothing is imported from either: classes go by their names, and those of contexts and
formatters are taken from the command at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

_HEADINGS: Final = {"Arguments": "参数", "Options": "选项", "Commands": "命令"}
_REMARKS: Final = {
    r"default: (.*)": "默认 {0}",
    r"required": "必填",
    r"(\d+)<=x<=(\d+)": "{0} 到 {1}",
    r"x>=(\d+)": "至少 {0}",
    r"x<=(\d+)": "至多 {0}",
}
_SENTENCES: Final = (
    (r"Missing command\.?", "缺少命令"),
    (r"No such command '(.*)'\. Did you mean (.+)\?", "没有命令 {0}；是否应为 {1}？"),
    (r"No such command '(.*)'\.?", "没有命令 {0}"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", "多出了参数：{0}"),
    (r"Option '(.*)' requires an argument\.?", "选项 {0} 后面要有值"),
    (r"Option '(.*)' requires (\d+) arguments\.?", "选项 {0} 后面要有 {1} 个值"),
    (r"Option '(.*)' does not take a value\.?", "选项 {0} 后面不能有值"),
    (r"Argument '(.*)' takes (\d+) values\.?", "参数 {0} 要有 {1} 个值"),
)
_REASONS: Final = (
    (r"(?:Value error, )?'(.*)' is not one of (.+?)\.?", "没有“{0}”，可选：{1}"),
    (r"Input should be a valid integer.*", "应为整数"),
    (r"'(.*)' is not a valid int(?:eger)?\.?", "应为整数，不能是“{0}”"),
    (r"Input should be greater than or equal to (\S+)", "不能小于 {0}"),
    (r"Input should be less than or equal to (\S+)", "不能大于 {0}"),
    (r"\S+ is not in the range (\S+?)\.?", "应在 {0} 之内"),
)


def translate(command: Any, ctx: Any = None) -> None:
    """Let the usage lines and headings of a command, and of those below it, be Chinese.

    ``ctx`` is the context that exists already: the root's.
    """
    command.options_metavar = "[选项]"
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = "命令 [参数]..."
    context = ctx if ctx is not None else command.context_class
    formatter = _chinese(context.formatter_class)
    if ctx is not None:
        ctx.formatter_class = formatter
    else:
        command.context_class = type("Context", (context,), {"formatter_class": formatter})
    for inner in getattr(command, "commands", {}).values():
        translate(inner)


def sentence(error: Any) -> str:
    """Return in Chinese what is wrong with a command line."""
    match type(error).__name__:
        case "NoSuchOption":
            near = "、".join(sorted(error.possibilities or ()))
            return f"没有选项 {error.option_name}" + (f"；是否应为 {near}？" if near else "")
        case "MissingParameter":
            return f"缺少 {_name(error)}"
        case "BadParameter":
            return f"{_name(error)} 的值不对：{_said(error.message, _REASONS)}"
        case _:
            return _said(error.format_message(), _SENTENCES)


def told(error: Any) -> str:
    """Return an error as it is printed: the usage, where help is, and what is wrong."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.ctx.get_help())
    lines = []
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        lines += [ctx.get_usage(), f"说明：{ctx.command_path} {ctx.help_option_names[0]}", ""]
    return "\n".join([*lines, f"错误：{sentence(error)}"])


def _name(error: Any) -> str:
    """Return how the option or argument of an error is called on the command line."""
    hint = error.param_hint
    if hint is None and error.param is not None:
        param = error.param
        options = param.opts if param.param_type_name == "option" else ()
        hint = options or param.metavar or param.human_readable_name
    return hint if isinstance(hint, str) else " / ".join(hint or ("参数",))


def _said(text: str, known: Iterable[tuple[str, str]]) -> str:
    for pattern, chinese in known:
        match = re.fullmatch(pattern, text, re.DOTALL)
        if match is not None:
            parts = (part.replace("'", "").replace(", ", "、") for part in match.groups())
            return chinese.format(*parts)
    return text


def _chinese(formatter: Any) -> Any:
    """Return a formatter whose usage, headings and remarks are Chinese."""

    class Formatter(formatter):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, "用法：" if prefix is None else prefix)

        def write_heading(self, heading: str) -> None:
            self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

        def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **more: Any) -> None:
            super().write_dl([(name, _remarks(text)) for name, text in rows], *args, **more)

    return Formatter


def _remarks(text: str) -> str:
    """Return the help of an option with typer's remarks at its end in Chinese."""
    match = re.fullmatch(r"(.*)  \\?\[([^\]]+)\]", text, re.DOTALL)
    if match is None:
        return text
    listed = "，".join(_said(part, _REMARKS.items()) for part in match[2].split("; "))
    return f"{match[1]}（{listed}）"
