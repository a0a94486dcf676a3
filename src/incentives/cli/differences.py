"""``rules diff``: what changed between two rulebooks, and what it does to profiles."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from incentives.cli.arguments import FormatOption, date_of
from incentives.cli.frame import Exit, Format, Frame, UsageProblemError, print_json
from incentives.cli.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from incentives.api import Assessment, Rulebook
    from incentives.authoring.diff import Entry
    from incentives.authoring.impact import Impact, Pair
    from incentives.rulebook.profile import Profile

    Side: TypeAlias = tuple[Rulebook, Callable[[], Profile]]

BAR = 12


def diff(
    ctx: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The rules before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The rules after.")],
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="PROFILES",
            help="Profiles to assess by both: files, directories or tables; repeatable.",
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="Date of assessment, YYYY-MM-DD."),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Write the impact as a picture.")
    ] = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Compare two rulebooks by what they mean; with --on, who gains and who loses."""
    from incentives.api import load
    from incentives.authoring.diff import compare_rules, touched

    if not on:
        _needs_profiles(svg, day)
    before, after = load(old), load(new)
    entries = compare_rules(before.rules, after.rules)
    found = None
    if on:
        from incentives.authoring.impact import impact

        concerned = touched(before.rules, after.rules, entries)
        found = impact(_pairs(on, before, after, date_of(day, ctx.obj), ctx.obj), concerned)
        if svg is not None:
            from incentives.authoring.impact_chart import impact_svg

            svg.write_text(impact_svg(found, ctx.obj.lang), "utf-8")
    if form is Format.JSON:
        data: dict[str, Any] = {"entries": [entry.to_dict() for entry in entries]}
        print_json(data if found is None else {**data, "impact": found.to_dict()})
    else:
        _print_entries(entries, ctx.obj)
        if found is not None:
            _print_impact(found, ctx.obj)
    if any(entry.state != "words" for entry in entries):
        raise typer.Exit(Exit.FINDINGS)


def _needs_profiles(svg: Path | None, day: str | None) -> None:
    """Refuse what would do nothing without profiles."""
    if svg is not None:
        raise UsageProblemError("--svg 须与 --on 同用", "--svg goes with --on")
    if day is not None:
        raise UsageProblemError(
            "--date 须与 --on 同用：只比较规则时没有评估日期",
            "--date goes with --on: without profiles nothing is assessed",
        )


# ── profiles ─────────────────────────────────────────────────────────────────


def _pairs(
    names: list[str], before: Rulebook, after: Rulebook, day: date, frame: Frame
) -> Iterator[Pair]:
    """Yield every profile assessed by both; a directory stands for the profiles in it."""
    from incentives.audit.firms import is_table

    tables = [name for name in names if is_table(name)]
    for name in [found for given in names if given not in tables for found in _files(given)]:
        label = name.removeprefix("example:") if ":" in name else Path(name).stem
        old, new = partial(before.profile, name), partial(after.profile, name)
        yield _pair(label, (before, old), (after, new), day, frame)
    if tables:
        yield from _pairs_of_tables(tables, before, after, day, frame)


def _pairs_of_tables(
    names: list[str], before: Rulebook, after: Rulebook, day: date, frame: Frame
) -> Iterator[Pair]:
    """Yield the firms of tables; columns must mean something under the new rules."""
    from incentives.audit.firms import read_firms

    older = read_firms(names, before.vocabulary, allow_extra=True)
    for firm in read_firms(names, after.vocabulary):
        same = older.find(firm.code, firm.name) or firm
        old = partial(same.profile, before.vocabulary)
        new = partial(firm.profile, after.vocabulary)
        yield _pair(firm.name or firm.key, (before, old), (after, new), day, frame)
        same.forget()
        firm.forget()


def _pair(label: str, old: Side, new: Side, day: date, frame: Frame) -> Pair:
    from incentives.authoring.impact import Pair
    from incentives.diagnostics import ProfileError

    sides: list[Assessment | None] = []
    problem = None
    for rulebook, profile in (old, new):
        try:
            sides.append(rulebook.assess(profile(), day))
        except ProfileError as error:
            first = error.findings[0]
            says = frame.say(first.zh or first.message, first.message)
            problem = f"{first.code} {first.fact or ''} {says}".replace("  ", " ")
            sides.append(None)
    return Pair(label, sides[0], sides[1], problem)


def _files(name: str) -> list[str]:
    path = Path(name)
    if not path.is_dir():
        return [name]
    found = sorted(str(one) for end in ("*.toml", "*.json") for one in path.glob(end))
    if not found:
        raise UsageProblemError(f"{name} 里没有申报资料", f"there are no profiles in {name}")
    return found


# ── text ─────────────────────────────────────────────────────────────────────

_KINDS = {
    "document": ("文件", "document"),
    "incentive": ("事项", "incentive"),
    "group": ("叠加规则", "group"),
    "split": ("分担", "split"),
    "fund": ("资金", "fund"),
    "target": ("指标", "target"),
    "fact": ("事实", "fact"),
    "entity": ("对象", "entity"),
    "region": ("地区", "region"),
}
_STATES = {
    "added": ("新增", "added"),
    "removed": ("删去", "removed"),
    "changed": ("变化", "changed"),
    "words": ("仅文字变化", "words only"),
}


def _print_entries(entries: tuple[Entry, ...], frame: Frame) -> None:
    if not entries:
        typer.echo(frame.say("两套规则含义相同", "the two rulebooks mean and say the same"))
    for entry in entries:
        kind, state = frame.say(*_KINDS[entry.kind]), frame.say(*_STATES[entry.state])
        name = entry.name.get(frame.lang)
        called = (
            f"{entry.id}"
            if name == entry.id
            else frame.say(f"{entry.id}（{name}）", f"{entry.id} ({name})")
        )
        typer.echo(frame.say(f"{state}：{kind} {called}", f"{state}: {kind} {called}"))
        for change in entry.changes:
            old, new = change.old.get(frame.lang), change.new.get(frame.lang)
            clause = (
                ""
                if change.clause is None
                else frame.say(f"〔{change.clause}〕", f" [{change.clause}]")
            )
            label = change.label.get(frame.lang)
            typer.echo(f"    {label}{frame.say('：', ': ')}{old} → {new}{clause}")


def _print_impact(found: Impact, frame: Frame) -> None:
    from incentives.explain.words import money

    def shown(fen: int) -> str:
        return money(fen).get(frame.lang)

    typer.echo()
    typer.echo(_impact_says(found, frame, shown))
    typer.echo()
    largest = max((abs(row.change) for row in found.rows), default=0)
    say = frame.say
    rows = [
        [row.name, shown(row.old), shown(row.new), shown(row.change), bar(row.change, largest),
         row.problem or (say("另有未定", "more open") if row.is_open else "")]
        for row in found.rows
    ]  # fmt: skip
    heads = [say("资料", "Profile"), say("原", "Before"), say("现", "After"), say("增减", "Change")]
    print_table([*heads, "", ""], rows, fold=(0, 5))
    for row in found.rows:
        for one in row.open:
            if one.touched or one.old != one.new:
                old, new = one.old.get(frame.lang), one.new.get(frame.lang)
                left = say("未定", "open")
                typer.echo(f"{row.name}  {left}  {one.incentive}  {old} → {new}")
    for title, sums in (
        (say("事项", "Incentive"), found.incentives),
        (say("出资方", "Payer"), found.payers),
    ):
        changed = {name: pair for name, pair in sums.items() if pair[0] != pair[1]}
        if changed:
            typer.echo()
            stated = say("未写明", "not stated")
            print_table(
                [title, *heads[1:]],
                [
                    [name or stated, shown(one), shown(two), shown(two - one)]
                    for name, (one, two) in changed.items()
                ],
                fold=(0,),
            )


def _impact_says(found: Impact, frame: Frame, shown: Callable[[int], str]) -> str:
    """Return how many profiles gain, lose and stay, in one sentence."""
    profiles = len(found.rows)
    faulty = sum(row.problem is not None for row in found.rows)
    return frame.say(
        f"影响：{profiles} 份资料；增加 {found.count(1)} 份，共{shown(found.gain)}；"
        f"减少 {found.count(-1)} 份，共{shown(found.loss)}；不变 {found.count(0)} 份；"
        f"有金额未定、可能受影响的 {found.open} 份"
        + (f"；资料有误、未能评估的 {faulty} 份" if faulty else ""),
        f"Impact on {profiles} profile{'' if profiles == 1 else 's'}: {found.count(1)} gain"
        f" {shown(found.gain)} in all, {found.count(-1)} lose {shown(found.loss)} in all,"
        f" {found.count(0)} unchanged; {found.open} with an open amount that may change"
        + (f"; {faulty} with faults, not assessed" if faulty else ""),
    )


def bar(change: int, largest: int) -> str:
    """Return a bar of at most ``BAR`` characters; every change has at least one."""
    if not change:
        return ""
    length = max(1, abs(change) * BAR // largest)
    return ("+" if change > 0 else "-") + "█" * length
