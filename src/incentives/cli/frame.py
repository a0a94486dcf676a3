"""What every command shares: language, streams, and how an error becomes an exit code.

``--lang`` and ``--debug`` are options of the root and may stand anywhere on the
line: ``Root.parse_args`` moves them to the front, so that even an error in the
rest of the line is told in the right language.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup

from incentives.diagnostics import (
    Finding,
    FindingsError,
    MissingExtraError,
    RulebookError,
    UnknownIncentiveError,
    render,
)


class Exit(IntEnum):
    """Exit codes."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    BAD_DATA = 3
    INTERNAL = 4
    INTERRUPTED = 130


class Lang(StrEnum):
    """Languages of everything that is printed."""

    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """Forms of a result."""

    TEXT = "text"
    JSON = "json"


class PageFormat(StrEnum):
    """Forms of an explanation."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Frame:
    """The language of this run, and whether an internal error shows its traceback."""

    lang: str
    debug: bool = False

    def say(self, zh: str, en: str) -> str:
        """Return the text in the language of this run."""
        return en if self.lang == "en" else zh

    def talk(self, zh: str, en: str) -> None:
        """Print a sentence on standard error."""
        typer.echo(self.say(zh, en), err=True)


class UsageProblemError(Exception):
    """The command line asks for something that does not exist; one sentence in each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Root(TyperGroup):
    """The root command: finds the language, catches every error."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move ``--lang`` and ``--debug`` to the front and take note of them."""
        from incentives.cli import usage, words

        front, rest = hoist(args)
        ctx.obj = Frame(language(front), "--debug" in front)
        if ctx.obj.lang == "zh":
            words.translate(self, ctx)
            usage.translate(self, ctx)
        try:
            return super().parse_args(ctx, [*front, *rest])
        except Exception as error:
            if ctx.obj.lang == "zh" and is_typers(error):
                raise _in_chinese(error) from None
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command; any error becomes a message and an exit code."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # `| head`: whoever read has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Exit.OK) from None
        except KeyboardInterrupt:
            raise typer.Exit(Exit.INTERRUPTED) from None
        except Exception as error:
            if ctx.obj.lang == "zh" and is_typers(error):
                raise _in_chinese(error) from None
            if isinstance(error, typer.Exit | typer.Abort) or is_typers(error):
                raise  # typer's own: it prints the usage and leaves with 2
            raise typer.Exit(report(error, ctx.obj)) from None
        return result


def is_typers(error: Exception) -> bool:
    """Say whether an error is typer's own, about the command line itself."""
    return hasattr(error, "format_message")


def _in_chinese(error: Exception) -> typer.Exit:
    """Print typer's own error in Chinese and return what ends the run."""
    from incentives.cli.usage import told

    typer.echo(told(error), err=True)
    return typer.Exit(getattr(error, "exit_code", Exit.USAGE))


def hoist(args: list[str]) -> tuple[list[str], list[str]]:
    """Split a line into the options that may stand anywhere, and the rest."""
    front: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(args):
        if args[at] == "--":
            return front, rest + args[at:]
        if args[at] == "--lang":
            front += args[at : at + 2]
            at += 1
        elif args[at] == "--debug" or args[at].startswith("--lang="):
            front.append(args[at])
        else:
            rest.append(args[at])
        at += 1
    return front, rest


def language(options: list[str]) -> str:
    """Return the language asked for, or that of the locale, or else Chinese."""
    for at, option in enumerate(options):
        word = options[at + 1] if option == "--lang" and at + 1 < len(options) else ""
        word = word or option.partition("--lang=")[2]
        if word in set(Lang):
            return word
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return "en" if locale.lower().startswith("en") else "zh"


def prepare_streams() -> None:
    """Let every character be printed, whatever the encoding of the terminal or pipe."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def report(error: Exception, frame: Frame) -> Exit:
    """Print an error on standard error and return the exit code it leads to."""
    from incentives.resources import UnknownExampleError

    match error:
        case FindingsError():
            print_findings(error.findings, frame, err=True)
            return Exit.FINDINGS if isinstance(error, RulebookError) else Exit.BAD_DATA
        case UsageProblemError():
            sentence = frame.say(error.zh, error.en)
        case UnknownExampleError():
            sentence = frame.say(
                f"没有示例 {error.name!r}；可用的有：{'、'.join(error.offered)}", str(error)
            )
        case MissingExtraError():
            sentence = frame.say(error.zh, str(error))
        case UnknownIncentiveError():
            sentence = str(error)
        case FileNotFoundError(filename=str(filename)) if not Path(filename).parent.is_dir():
            place = Path(filename).parent
            sentence = frame.say(
                f"无法读写 {filename}：没有文件夹 {place}",
                f"cannot read or write {filename}: there is no directory {place}",
            )
        case OSError(filename=str(filename)):
            reason = frame.say(_REASONS.get(type(error), ""), "") or error.strerror
            sentence = frame.say(
                f"无法读取 {filename}：{reason}", f"cannot read {filename}: {reason}"
            )
        case _:
            return _internal(error, frame)
    frame.talk(f"错误：{sentence}", f"error: {sentence}")
    return Exit.USAGE


def _internal(error: Exception, frame: Frame) -> Exit:
    if frame.debug:
        import traceback

        typer.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    kind = type(error).__name__
    frame.talk(
        f"内部错误（{kind}）：{error}。这是本程序的问题，不是资料的问题；加 --debug 可看详情。",
        f"internal error ({kind}): {error}. The fault is the program's, not your data's; "
        "--debug shows more.",
    )
    return Exit.INTERNAL


def print_findings(findings: Iterable[Finding], frame: Frame, *, err: bool) -> None:
    """Print every finding, and where to read more about them."""
    every = list(findings)
    for finding in every:
        typer.echo(painted(render(finding, frame.lang), err=err), err=err)
        typer.echo(err=err)
    codes = sorted({finding.code for finding in every})
    if codes:
        frame.talk(
            f"共 {len(every)} 处；查看说明：incentives error {codes[0]}",
            f"{len(every)} in all; to read more: incentives error {codes[0]}",
        )


_REASONS: Final[dict[type, str]] = {
    FileNotFoundError: "文件不存在",
    IsADirectoryError: "这是目录，不是文件",
    PermissionError: "没有权限",
}
_RED: Final = "\x1b[1;31m"
_YELLOW: Final = "\x1b[1;33m"
_PLAIN: Final = "\x1b[0m"


def painted(text: str, *, err: bool) -> str:
    """Colour the first word of a finding where a person looks at a terminal."""
    stream = sys.stderr if err else sys.stdout
    if os.environ.get("NO_COLOR") or not stream.isatty():
        return text
    head, mark, rest = text.partition(":")
    colour = _RED if head.startswith(("error", "错误")) else _YELLOW
    return f"{colour}{head}{_PLAIN}{mark}{rest}"


def print_page(html: str) -> None:
    """Print a page on standard output in the encoding it declares, whatever the locale's."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")
    typer.echo(html, nl=False)


def print_json(data: Any) -> None:
    """Print a result as JSON on standard output."""
    import json

    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
