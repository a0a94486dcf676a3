"""``what-if``: what would change a decision, and the amount as a function of one figure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from incentives.cli.arguments import (
    DraftsOption,
    ExtraOption,
    NoHistoryOption,
    OnOption,
    ProfileArgument,
    RulesOption,
    date_of,
    resolve,
    rulebook_of,
)
from incentives.cli.frame import Frame, UsageProblemError, print_json, print_page

if TYPE_CHECKING:
    from incentives.api import Decision
    from incentives.engine.curve import Curve
    from incentives.explain.structure import Explanation
    from incentives.language.core import Text


class Form(StrEnum):
    """Forms of what would change a decision; the last two are pictures of a curve."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"
    SVG = "svg"
    PNG = "png"


_PICTURES: Final = {Form.SVG, Form.PNG}
Result: TypeAlias = str | bytes | dict[str, Any]


def what_if(
    ctx: typer.Context,
    profile: ProfileArgument,
    incentive: Annotated[
        str, typer.Argument(metavar="INCENTIVE", help="Id of an incentive, or its last part.")
    ],
    over: Annotated[
        str | None,
        typer.Option("--over", metavar="FACT", help="Show the amount over this one figure."),
    ] = None,
    on: OnOption = None,
    rules: RulesOption = None,
    drafts: DraftsOption = False,
    assume_no_history: NoHistoryOption = False,
    allow_extra: ExtraOption = False,
    form: Annotated[Form, typer.Option("--format", help="Form of the result.")] = Form.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")
    ] = None,
) -> None:
    """Show what would change a decision: the smallest changes, and what more is worth.

    With --over, or as a picture (svg, png), the amount as a function of one figure.
    """
    rulebook = rulebook_of(rules)
    name = resolve(incentive, rulebook.incentives)
    checked = rulebook.profile(profile, allow_extra=allow_extra)
    if form is Form.PNG and output is None:
        raise UsageProblemError(
            "PNG 图片要写入文件：请加 -o 文件名", "a PNG goes to a file: add -o FILE"
        )
    decision = rulebook.assess(
        checked, date_of(on, ctx.obj), drafts=drafts, assume_no_history=assume_no_history
    )[name]
    if over is not None or form in _PICTURES:
        data = _curve(decision, over, form, ctx.obj)
    elif form is Form.JSON:
        data = decision.what_if().to_dict()
    else:
        data = _rendered(decision.what_if().explanation(), ctx.obj.lang, form)
    _write(data, form, output, ctx.obj)


def _curve(
    decision: Decision, over: str | None, form: Form, frame: Frame
) -> str | bytes | dict[str, Any]:
    """Return a curve in the form that was asked for."""
    from incentives.explain.chart import curve_chart
    from incentives.explain.curve import curve_data, explain_curve
    from incentives.explain.plot import curve_svg
    from incentives.explain.png import NoFontError, svg_png

    found, fact = _found_curve(decision, over)
    if form is Form.JSON:
        return curve_data(found)
    if form in _PICTURES:
        svg = curve_svg(found, decision.name, fact, frame.lang)
        try:
            return svg_png(svg) if form is Form.PNG else svg
        except NoFontError as error:
            raise UsageProblemError(error.zh, str(error)) from None
    text = _rendered(explain_curve(found, decision.name, fact), frame.lang, form)
    if form is Form.TEXT:
        return f"{text}\n{curve_chart(found, frame.lang)}"
    return text


def _found_curve(decision: Decision, over: str | None) -> tuple[Curve, Text]:
    """Return the curve and what its figure is called.

    Raises:
        UsageProblemError: there is no such curve; the sentence says why.
    """
    from incentives.engine.curve import CurveError
    from incentives.explain.names import Names
    from incentives.explain.replay import rules_of
    from incentives.explain.words import join

    names = Names(rules_of(decision))
    try:
        found = decision.curve(over)
    except CurveError as error:
        waits = join([names.path(path) for path in error.missing])
        raise UsageProblemError(
            f"画不出曲线：{error.zh}" + (f"：{waits.zh}" if error.missing else ""),
            f"there is no curve: {error}",
        ) from None
    return found, names.path(found.base)


def _rendered(explanation: Explanation, lang: str, form: Form) -> str:
    """Return an explanation in the form that was asked for."""
    from incentives.explain.html import render_html
    from incentives.explain.markdown import render_markdown
    from incentives.explain.text import render_text

    match form:
        case Form.MARKDOWN:
            return render_markdown(explanation, lang)
        case Form.HTML:
            return render_html(explanation, lang, page=True)
        case _:
            return render_text(explanation, lang)


def _write(
    data: str | bytes | dict[str, Any], form: Form, output: Path | None, frame: Frame
) -> None:
    """Print a result, or write it to a file and say so."""
    import json

    if output is None and isinstance(data, dict):
        print_json(data)
    elif output is None and isinstance(data, str):
        print_page(data) if form is Form.HTML else typer.echo(data, nl=False)
    elif output is not None:
        text = (
            json.dumps(data, ensure_ascii=False, indent=2) + "\n"
            if isinstance(data, dict)
            else data
        )
        output.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        frame.talk(f"已写入 {output}", f"written to {output}")
