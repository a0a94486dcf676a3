"""The form: a workbook that asks for the facts that the chosen incentives read.

One sheet for the applicant, one for what is asked year by year, one for every list of
contracts, projects and the like. Every answer is a text cell, save counts, so that the
spreadsheet program changes nothing that is typed.

The trap: what a profile states is always asked too, or filling in a form from it would
lose facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.language.core import Text
from incentives.office import layout
from incentives.office.answers import (
    NO,
    NOT_KNOWN,
    YES,
    choice_label,
    names_incentive,
    region_label,
    write_answer,
)
from incentives.office.needed import Needed, needed
from incentives.office.styles import MOST_TEXT, Book, height_of, lines_of
from incentives.tabular.cells import address_of
from incentives.tabular.faults import refusal
from incentives.tabular.write import write_whole
from incentives.values.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from os import PathLike
    from pathlib import Path

    from incentives.language.names import EntitySpec, FactSpec
    from incentives.rulebook.model import Rules
    from incentives.rulebook.profile import Profile, Record

_SPARE_ROWS: Final = 20
_LEAST_ROWS: Final = 30
_MOST_INLINE: Final = 250  # characters of a list inside a validation
_FORM_WIDTHS: Final = (2, 6, 24, 44, 30, 28, 34)
_NO_RECORD: Final[dict[Any, Any]] = {}


def write_form(
    path: str | PathLike[str],
    rules: Rules,
    on: date,
    *,
    only: Iterable[str] | None = None,
    lang: str = "zh",
    profile: Profile | None = None,
) -> None:
    """Write the form for the chosen incentives, or for all.

    Args:
        path: the ``.xlsx`` file to write.
        rules: the rulebook.
        on: the date of assessment, which selects versions and years.
        only: ids of incentives; ``None`` for all.
        lang: ``zh`` or ``en``; the reader takes answers in either.
        profile: facts to fill in; whatever it states is asked for too.

    Raises:
        MissingExtraError: xlsxwriter is not installed.
        TableError: a text of the profile is too long for a cell (E502).
        OSError: the file cannot be written.
    """
    chosen = None if only is None else sorted(set(only))
    asked = needed(rules, on, chosen)
    if profile is not None:
        _ask_what_is_stated(asked, profile)

    def write(file: Path) -> None:
        book = Book(file, on, layout.TITLE.get(lang))
        _Form(book, rules, asked, on, lang, profile).write(chosen)
        book.close()

    write_whole(path, write)


def _year(year: int) -> Text:
    return Text(f"{year}年", str(year))


def _ask_what_is_stated(asked: Needed, profile: Profile) -> None:
    for entity, record in profile.records.items():
        _ask_record(asked, entity, record)
    for entity, items in profile.lists.items():
        for record in items or ():
            _ask_record(asked, entity, record)
        if items is not None and not any(owner == entity for owner, _ in asked.facts):
            for name in [name for owner, name in profile.vocabulary.facts if owner == entity][:1]:
                asked.add((entity, name))


def _ask_record(asked: Needed, entity: str, record: Record) -> None:
    for key in record:
        if isinstance(key, tuple):
            asked.add((entity, key[0]), {key[1]})
        else:
            asked.add((entity, key))


class _Form:
    """Writes the sheets of one form."""

    def __init__(
        self,
        book: Book,
        rules: Rules,
        asked: Needed,
        on: date,
        lang: str,
        profile: Profile | None,
    ) -> None:
        self.book = book
        self.rules = rules
        self.vocabulary = rules.vocabulary
        self.asked = asked
        self.on = on
        self.lang = lang
        self.profile = profile
        self.lists: dict[tuple[str, ...], str] = {}  # long drop-downs and where they stand

    def write(self, chosen: list[str] | None) -> None:
        """Write every sheet: the guide first, the drop-downs last and hidden."""
        self.guide(chosen)
        series: list[FactSpec] = []
        lists: list[EntitySpec] = []
        for entity in self.vocabulary.entities.values():
            if entity.many:
                lists.append(entity)
                continue
            specs = self.specs(entity.name)
            series += [spec for spec in specs if spec.series]
            self.single(entity, [spec for spec in specs if not spec.series])
        if series:
            self.yearly(series)
        for entity in lists:
            if specs := self.specs(entity.name):
                self.items(entity, specs)
        self.choices()

    def specs(self, entity: str) -> list[FactSpec]:
        """Return the facts of an entity that are asked for, in the vocabulary's order."""
        every = self.vocabulary.specs[entity].items()
        return [spec for name, spec in every if (entity, name) in self.asked.facts]

    def say(self, text: Text | None) -> str:
        """Return a text in the form's language."""
        return "" if text is None else text.get(self.lang)

    def text(self, sheet: Any, row: int, column: int, text: str, style: str) -> None:
        """Write text, whatever it begins with, as those characters; rows from 1."""
        sheet.write_string(row - 1, column - 1, text, self.book.format(style))

    # ── the guide ─────────────────────────────────────────────────────────────

    def guide(self, chosen: list[str] | None) -> None:
        """Write how to fill in, and which incentives the form is for."""
        sheet = self.book.sheet(self.say(layout.GUIDE), widths=(4, 100), landscape=False)
        sheet.merge_range(0, 0, 0, 1, "", self.book.format("title"))
        self.text(sheet, 1, 1, self.say(layout.TITLE), "title")
        sheet.set_row(0, 40)
        day = Text(f"评估日期：{self.on}", f"Date of assessment: {self.on}")
        self.text(sheet, 2, 2, self.say(day), "lead")
        self.text(sheet, 4, 2, self.say(layout.GUIDE), "section")
        row = 5
        for number, rule in enumerate(layout.RULES, start=1):
            self.text(sheet, row, 1, str(number), "plain")
            self.text(sheet, row, 2, self.say(rule), "plain")
            sheet.set_row(row - 1, height_of(lines_of(self.say(rule), 100)))
            row += 1
        for_which = Text("本表所涉政策", "Incentives this form is for")
        self.text(sheet, row + 1, 2, self.say(for_which), "section")
        row += 2
        if chosen is None:
            every = Text("规则库中的全部政策事项", "All incentives of the rulebook")
            self.text(sheet, row, 2, self.say(every), "plain")
        for name in chosen or ():
            incentive = self.rules.incentives[name]
            title = incentive.document.title.get(self.lang)
            line = f"{incentive.name.get(self.lang)}（{title}，{incentive.versions[-1].clause}）"
            self.text(sheet, row, 2, line, "plain")
            sheet.set_row(row - 1, height_of(lines_of(line, 100)))
            row += 1

    # ── one applicant ─────────────────────────────────────────────────────────

    def single(self, entity: EntitySpec, specs: list[FactSpec]) -> None:
        """Write the sheet of an entity that a profile has once: one fact a row."""
        sheet = self.book.sheet(self.say(entity.label), widths=_FORM_WIDTHS)
        self.top(sheet, self.say(entity.label), 7)
        self.text(sheet, layout.CODES_ROW, 5, layout.VALUE, "hidden")
        for column, heading in enumerate(layout.HEADINGS, start=2):
            self.text(sheet, 4, column, self.say(heading), "head")
        record = _NO_RECORD if self.profile is None else self.profile.records[entity.name]
        for number, spec in enumerate(specs, start=1):
            row = number + 4
            self.about(sheet, row, number, spec)
            self.validate(sheet, spec, row, row, 5)
            self.answer(sheet, row, 5, spec, record.get(spec.name), spec.name in record)
            self.text(sheet, row, 6, self.how(spec), "note")
            self.text(sheet, row, 7, self.say(spec.evidence), "note")
        sheet.freeze_panes(4, 3)
        sheet.repeat_rows(3)

    def yearly(self, specs: list[FactSpec]) -> None:
        """Write the sheet of what is asked year by year: a column for each year."""
        years = sorted({year for spec in specs for year in self.years(spec)})
        widths = (2, 6, 24, 40, *[17] * len(years), 28, 34)
        sheet = self.book.sheet(self.say(layout.YEARLY), widths=widths)
        self.top(sheet, self.say(layout.YEARLY), 6 + len(years))
        heads = [self.say(text) for text in layout.HEADINGS]
        names = [_year(year).get(self.lang) for year in years]
        for column, heading in enumerate([*heads[:3], *names, *heads[4:]], start=2):
            self.text(sheet, 4, column, heading, "head")
        for column, year in enumerate(years, start=5):
            self.text(sheet, layout.CODES_ROW, column, str(year), "hidden")
        for number, spec in enumerate(specs, start=1):
            row = number + 4
            self.about(sheet, row, number, spec)
            record = _NO_RECORD if self.profile is None else self.profile.records[spec.entity]
            for column, year in enumerate(years, start=5):
                key = (spec.name, year)
                idle = year not in self.years(spec)
                self.validate(sheet, spec, row, row, column)
                self.answer(sheet, row, column, spec, record.get(key), key in record, idle=idle)
            self.text(sheet, row, 5 + len(years), self.how(spec), "note")
            self.text(sheet, row, 6 + len(years), self.say(spec.evidence), "note")
        sheet.freeze_panes(4, 3)
        sheet.repeat_rows(3)

    def years(self, spec: FactSpec) -> set[int]:
        """Return the years of a yearly fact that matter."""
        return self.asked.years.get((spec.entity, spec.name)) or {self.on.year}

    def about(self, sheet: Any, row: int, number: int, spec: FactSpec) -> None:
        """Write what a row asks; column A, hidden, says it for the reader."""
        question = self.say(spec.ask).replace("{year}", {"zh": "各", "en": "each year"}[self.lang])
        self.text(sheet, row, 1, spec.path, "hidden")
        self.text(sheet, row, 2, str(number), "number")
        self.text(sheet, row, 3, self.label(spec), "label")
        self.text(sheet, row, 4, question, "text")
        most = max(
            lines_of(self.label(spec), 22),
            lines_of(question, 42),
            lines_of(self.say(spec.evidence), 34),
            lines_of(self.how(spec), 28),
        )
        sheet.set_row(row - 1, height_of(most))

    def label(self, spec: FactSpec) -> str:
        """Return the label; in an English form with the Chinese words of the documents."""
        own = self.say(spec.label)
        return own if self.lang == "zh" or own == spec.label.zh else f"{own}\n{spec.label.zh}"

    def how(self, spec: FactSpec) -> str:
        """Return how to write the answer."""
        if names_incentive(spec):
            return self.say(layout.INCENTIVE)
        return self.say(layout.USCC if spec.check == "uscc" else layout.HOW[spec.type.kind])

    def top(self, sheet: Any, title: str, columns: int) -> None:
        """Write the title and the hidden marker; hide the codes."""
        sheet.merge_range(0, 1, 0, columns - 1, "", self.book.format("title"))
        self.text(sheet, 1, 2, title, "title")
        self.text(sheet, 1, 1, layout.MARKER, "hidden")
        sheet.set_row(0, 34)
        sheet.set_row(layout.CODES_ROW - 1, None, None, {"hidden": True})
        sheet.set_row(2, 20)
        sheet.merge_range(2, 1, 2, columns - 1, "", self.book.format("lead"))
        self.text(sheet, 3, 2, self.say(layout.RULES[0]), "lead")
        sheet.set_column(0, 0, 2, None, {"hidden": True})

    # ── lists ─────────────────────────────────────────────────────────────────

    def items(self, entity: EntitySpec, specs: list[FactSpec]) -> None:
        """Write the sheet of a list: one item a row, how many of them at the top."""
        columns = self.item_columns(specs)
        sheet = self.book.sheet(self.say(entity.label), widths=(2, 6, *[20] * max(3, len(columns))))
        self.top(sheet, self.say(entity.label), 2 + max(3, len(columns)))
        stated = None if self.profile is None else self.profile.lists[entity.name]
        self.text(sheet, 4, 1, f"{layout.COUNT}{entity.name}", "hidden")
        sheet.merge_range(3, 1, 3, 3, "", self.book.format("label"))
        self.text(sheet, 4, 2, self.say(layout.HOW_MANY), "label")
        sheet.set_row(3, 22)
        if stated is None:
            sheet.write_blank(3, 4, None, self.book.format("count"))
        else:
            sheet.write_number(3, 4, len(stated), self.book.format("count"))
        self.item_head(sheet, columns)
        records = stated or ()
        rows = max(_LEAST_ROWS, len(records) + _SPARE_ROWS)
        for column, (spec, _) in enumerate(columns, start=3):
            self.validate(sheet, spec, 8, 7 + rows, column)
        for number in range(rows):
            row = number + 8
            record = records[number] if number < len(records) else _NO_RECORD
            self.text(sheet, row, 1, layout.ITEM, "hidden")
            sheet.set_row(row - 1, 21)
            self.text(sheet, row, 2, str(number + 1), "number")
            for column, (spec, year) in enumerate(columns, start=3):
                key = spec.name if year is None else (spec.name, year)
                self.answer(sheet, row, column, spec, record.get(key), key in record)
        sheet.freeze_panes(7, 3)
        sheet.repeat_rows(4, 6)

    def item_columns(self, specs: list[FactSpec]) -> list[tuple[FactSpec, int | None]]:
        """Return the columns of a list: a fact, and for yearly ones the year."""
        return [
            (spec, year)
            for spec in specs
            for year in (sorted(self.years(spec)) if spec.series else [None])
        ]

    def item_head(self, sheet: Any, columns: list[tuple[FactSpec, int | None]]) -> None:
        """Write three rows of headings: label, question, how to fill in."""
        self.text(sheet, 5, 2, self.say(layout.NUMBER), "head")
        self.text(sheet, 6, 2, "", "note")
        self.text(sheet, 7, 2, "", "note")
        most = [1, 1, 1]
        for column, (spec, year) in enumerate(columns, start=3):
            code = spec.path if year is None else f"{spec.path}.{year}"
            self.text(sheet, layout.CODES_ROW, column, code, "hidden")
            named = "" if year is None else f"{_year(year).get(self.lang)}\n"
            label = f"{named}{self.label(spec)}"
            question = self.say(spec.ask).replace("{year}", str(year))
            self.text(sheet, 5, column, label, "head")
            self.text(sheet, 6, column, question, "note")
            self.text(sheet, 7, column, self.how(spec), "note")
            texts = (label, question, self.how(spec))
            most = [max(old, lines_of(text, 20)) for old, text in zip(most, texts, strict=True)]
        for row, count in zip((5, 6, 7), most, strict=True):
            sheet.set_row(row - 1, height_of(count))

    # ── answers ───────────────────────────────────────────────────────────────

    def answer(
        self,
        sheet: Any,
        row: int,
        column: int,
        spec: FactSpec,
        value: Any,
        stated: bool,
        *,
        idle: bool = False,
    ) -> None:
        """Write the cell for an answer, filled in where the profile states the fact."""
        is_count = spec.type.kind is Kind.COUNT and not spec.type.year
        style = self.book.format("idle" if idle else "count" if is_count else "input")
        if not stated:
            sheet.write_blank(row - 1, column - 1, None, style)
            return
        shown = write_answer(spec, value, self.vocabulary, self.lang)
        if isinstance(shown, str) and len(shown) > MOST_TEXT:
            raise refusal(
                "E502",
                f"{spec.path}: {len(shown)} characters do not fit into a cell",
                f"{spec.path}：{len(shown)} 个字符，一个单元格放不下",
            )
        if isinstance(shown, int):
            sheet.write_number(row - 1, column - 1, shown, style)
        else:
            sheet.write_string(row - 1, column - 1, shown, style)

    def validate(self, sheet: Any, spec: FactSpec, first: int, last: int, column: int) -> None:
        """Offer the answers of a choice in a drop-down; it may still be left blank."""
        options = self.options(spec)
        if not options:
            return
        listed: Any = list(options)
        if len(",".join(options)) > _MOST_INLINE or any("," in each for each in options):
            listed = self.lists.setdefault(options, f"choices_{len(self.lists) + 1}")
            listed = f"={listed}"
        title, says = self.say(spec.label)[:32], self.how(spec)[:250]
        sheet.data_validation(
            first - 1,
            column - 1,
            last - 1,
            column - 1,
            {
                "validate": "list",
                "source": listed,
                "error_type": "warning" if spec.type.kind in {Kind.REGION, Kind.TEXT} else "stop",
                "error_title": title,
                "error_message": says,
            },
        )

    def options(self, spec: FactSpec) -> tuple[str, ...]:
        """Return the answers that a drop-down offers."""
        match spec.type.kind:
            case Kind.BOOL:
                return YES[self.lang], NO[self.lang], NOT_KNOWN[self.lang]
            case Kind.CHOICE:
                return tuple(choice_label(spec, word, self.lang) for word in spec.choices)
            case Kind.REGION:
                codes = sorted(
                    code
                    for code, region in self.vocabulary.regions.items()
                    if region.period.holds(self.on)
                )
                return tuple(region_label(code, self.vocabulary, self.lang) for code in codes)
            case Kind.TEXT if names_incentive(spec):
                every = self.rules.incentives
                return tuple(f"{name} {every[name].name.get(self.lang)}" for name in sorted(every))
            case _:
                return ()

    def choices(self) -> None:
        """Write the long drop-downs on a hidden sheet, each under a name of its own."""
        if not self.lists:
            return
        sheet = self.book.sheet(self.say(layout.CHOICES), widths=())
        sheet.hide()
        for column, (options, name) in enumerate(self.lists.items()):
            for row, option in enumerate(options):
                sheet.write_string(row, column, option)
            letters = address_of(1, column + 1)[:-1]
            place = f"'{sheet.get_name()}'!${letters}$1:${letters}${len(options)}"
            self.book.book.define_name(name, f"={place}")
