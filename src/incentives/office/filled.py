"""A filled-in form read back: a profile whose every fault names its cell.

The laws kept here (``tests/property/test_form.py``): a form filled in from a profile
gives the same facts; the findings are those of a profile file, with cells for lines.

The trap: rows are found by the hidden codes, never by their place, so a form that was
sorted or grew rows is read all the same; a fact that stands twice is refused, the last
one does not win.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from incentives.diagnostics import Finding, Label, ProfileError, Source, Span, TableError
from incentives.office import layout
from incentives.office.answers import read_answer
from incentives.rulebook.facts import FactError
from incentives.rulebook.locate import KEY
from incentives.rulebook.profile import Profile
from incentives.tabular.cells import CellKind
from incentives.tabular.faults import cell_finding
from incentives.tabular.read import read_sheets

if TYPE_CHECKING:
    from os import PathLike

    from incentives.language.names import EntitySpec, FactSpec
    from incentives.rulebook.model import Vocabulary
    from incentives.tabular.cells import Cell
    from incentives.tabular.read import Sheet

Place = tuple[str | int, ...]
_MOST_ITEMS: Final = 100_000


def read_form(
    path: str | PathLike[str], vocabulary: Vocabulary, *, allow_extra: bool = False
) -> Profile:
    """Return the profile that a filled-in form states.

    Raises:
        ProfileError: with every finding, each with its cell.
        MissingExtraError: the reader of workbooks is not installed.
        OSError: the file cannot be read.
    """
    try:
        sheets = read_sheets(path, keep_faults=True)
    except TableError as error:
        raise ProfileError(error.findings) from None
    reader = _Reader(str(path), vocabulary)
    forms = [sheet for sheet in sheets if _is_form(sheet)]
    if not forms:
        raise ProfileError([_no_form(str(path))])
    for sheet in forms:
        reader.sheet(sheet)
    return reader.profile(allow_extra=allow_extra)


def _is_form(sheet: Sheet) -> bool:
    return len(sheet.rows) >= layout.CODES_ROW and sheet.rows[0][0].text == layout.MARKER


class _Reader:
    """Collects the facts of all sheets, where each stands, and what is wrong."""

    def __init__(self, path: str, vocabulary: Vocabulary) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.data: dict[str, Any] = {}
        self.cells: dict[Place, tuple[Sheet, Cell]] = {}
        self.found: list[tuple[Finding, Place]] = []

    def profile(self, *, allow_extra: bool) -> Profile:
        """Return the profile of what was read; raise every finding at once."""
        own = [
            replace(finding, fact=self.path_of(place)) if place else finding
            for finding, place in self.found
        ]
        try:
            found = Profile(
                self.data,
                self.vocabulary,
                allow_extra=allow_extra,
                path=self.path,
                locate=self.locate,
            )
        except ProfileError as error:
            raise ProfileError([*own, *error.findings]) from None
        if own:
            raise ProfileError(own)
        return found

    def locate(self, place: Place) -> Span | None:
        """Return the cell of a fact, or the first one of what the place holds."""
        wanted = place[:-1] if place[-1] == KEY else place  # a cell is both key and value
        for known, (sheet, cell) in self.cells.items():
            if known[: len(wanted)] == wanted:
                return self.span(sheet, cell)
        return None

    def span(self, sheet: Sheet, cell: Cell) -> Span:
        """Return a cell as a place for findings."""
        text = cell.text or ""
        return Span(Source(self.path, text, f"{sheet.name}!{cell.address}"), 0, len(text))

    # ── sheets ────────────────────────────────────────────────────────────────

    def sheet(self, sheet: Sheet) -> None:
        """Read one sheet of the form."""
        codes = {
            cell.column: cell.text
            for cell in sheet.rows[layout.CODES_ROW - 1][1:]
            if cell.text is not None
        }
        entity = self.list_entity(sheet)
        if entity is not None:
            self.items(sheet, entity, codes)
            return
        for row in sheet.rows[layout.CODES_ROW :]:
            owner, _, name = (row[0].text or "").partition(".")
            if not name:
                continue
            for column, code in codes.items():
                place: Place = (owner, name) if code == layout.VALUE else (owner, name, code)
                self.state(sheet, row[column - 1], place)

    def list_entity(self, sheet: Sheet) -> str | None:
        """Return the list that a sheet holds, ``None`` for the others."""
        for row in sheet.rows:
            if (row[0].text or "").startswith(layout.COUNT):
                return (row[0].text or "").removeprefix(layout.COUNT)
        return None

    def items(self, sheet: Sheet, entity: str, codes: dict[int, str]) -> None:
        """Read a list: how many there are, and one item a row."""
        facts = {
            column: code.split(".")[1:]
            for column, code in codes.items()
            if code.startswith(f"{entity}.")
        }
        rows = [
            row
            for row in sheet.rows[layout.CODES_ROW :]
            if not (row[0].text or "").startswith(layout.COUNT)
            and (row[0].text == layout.ITEM or _filled(row, facts))
            and not _is_heading(row, sheet)
        ]
        count = self.count(sheet, entity)
        filled = [number for number, row in enumerate(rows, start=1) if _filled(row, facts)]
        kept = [rows[number - 1] for number in filled]
        if count is not None and len(filled) > count:
            self.too_few(sheet, entity, rows[filled[count] - 1][1], count)
        elif count is not None and (not filled or filled[-1] <= count):
            kept = rows[:count]  # items that nothing is known of keep their places
        if count is None and not filled:
            return
        if entity not in self.vocabulary.entities or not self.vocabulary.entities[entity].many:
            self.data.setdefault(entity, {})
            return
        items: list[dict[str, Any]] = [{} for _ in range(max(len(kept), count or 0))]
        self.data[entity] = items
        for index, row in enumerate(kept):
            for column, names in facts.items():
                self.state(sheet, row[column - 1], (entity, index, *names))

    def count(self, sheet: Sheet, entity: str) -> int | None:
        """Return how many items the sheet says there are; ``None`` where it does not say."""
        row = next(row for row in sheet.rows if row[0].text == f"{layout.COUNT}{entity}")
        stated = [cell for cell in row[2:] if cell.kind is not CellKind.EMPTY]
        if not stated:
            return None
        text = (stated[0].text or "").strip()
        if len(stated) == 1 and text.isdecimal() and text.isascii() and len(text) < 7:
            number = int(text)
            if number <= _MOST_ITEMS:
                return number
        self.report(
            "E525",
            "how many is a whole number, 0 for none, or blank",
            "“共几项”应为整数；没有填 0，不清楚留空",
            self.span(sheet, stated[0]),
            (entity,),
        )
        return None

    def too_few(self, sheet: Sheet, entity: str, cell: Cell, count: int) -> None:
        """Say that more rows are filled in than there are said to be."""
        self.report(
            "E525",
            f"the sheet says {count}, but this row is filled in too",
            f"表中写明共 {count} 项，但这一行也有内容",
            self.span(sheet, cell),
            (entity,),
            ("correct how many there are, or clear the row", "请更正“共几项”，或清空该行"),
        )

    # ── facts ─────────────────────────────────────────────────────────────────

    def state(self, sheet: Sheet, cell: Cell, place: Place) -> None:
        """Take the fact that a cell states; blank states nothing."""
        if cell.kind is CellKind.EMPTY:
            return
        if cell.kind is CellKind.ERROR:
            self.found.append((cell_finding(cell, sheet.name, self.path), ()))
            return
        names = [part for part in place if isinstance(part, str)]
        entity = self.vocabulary.entities.get(names[0])
        if entity is None:  # a form of other rules: `Profile` says so, once
            self.data.setdefault(names[0], {})
            self.cells.setdefault((names[0],), (sheet, cell))
            return
        spec = self.vocabulary.facts.get((names[0], names[1]))
        if not _fits(place, entity, spec):
            self.damaged(sheet, cell)
            return
        if spec is None:
            place = tuple(part for part in place if part not in names[2:])
        try:
            raw = cell.value if spec is None else read_answer(spec, cell, self.vocabulary)
        except FactError as error:
            span = self.span(sheet, cell)
            self.report(error.code, error.en, error.zh, span, place, error.help)
            return
        if raw is not None:
            self.put(sheet, cell, place, raw, spec)

    def damaged(self, sheet: Sheet, cell: Cell) -> None:
        """Say that the hidden codes do not say what a filled cell states."""
        self.report(
            "E526",
            "the hidden row or column no longer says which fact this is",
            "隐藏的行或列已被改动，不知道这一格是哪一项",
            self.span(sheet, cell),
            (),
            ("make the form again and copy the answers", "请重新生成填报表，把内容复制过去"),
        )

    def put(self, sheet: Sheet, cell: Cell, place: Place, raw: Any, spec: FactSpec | None) -> None:
        """Keep a stated fact; one that stands twice is an error that shows both cells."""
        if place in self.cells:
            first, other = self.cells[place]
            twice = Finding(
                code="E523",
                message="the fact stands twice",
                zh="同一事项填写了两次",
                labels=(Label(self.span(first, other)), Label(self.span(sheet, cell))),
                help="clear one of the two cells",
                help_zh="请清空其中一格",
            )
            self.found.append((twice, place))
            return
        self.cells[place] = (sheet, cell)
        table: Any = self.data
        for part in place[:-1]:
            table = table[part] if isinstance(part, int) else table.setdefault(part, {})
        table[place[-1]] = raw if spec is not None or isinstance(raw, str) else cell.text

    def path_of(self, place: Place) -> str:
        """Return a fact path as findings show it: ``contract[2024-0017].performed_amount``."""
        text = str(place[0])
        for part in place[1:]:
            text += f"[{self.key(text, part)}]" if isinstance(part, int) else f".{part}"
        return text

    def key(self, entity: str, index: int) -> str:
        """Return what tells an item from the others, as ``Profile`` does."""
        name = self.vocabulary.entities[entity].key
        stated = None if name is None else self.data[entity][index].get(name)
        return stated if isinstance(stated, str) else str(index + 1)

    def report(
        self,
        code: str,
        en: str,
        zh: str,
        span: Span,
        place: Place,
        help: tuple[str, str] | None = None,
    ) -> None:
        """Add a finding at a cell, about the fact at ``place`` where that is known."""
        remedy = help or (None, None)
        finding = Finding(
            code=code,
            message=en,
            zh=zh,
            labels=(Label(span),),
            help=remedy[0],
            help_zh=remedy[1],
        )
        self.found.append((finding, place))


def _fits(place: Place, entity: EntitySpec, spec: FactSpec | None) -> bool:
    """Say whether a place is one that a fact of this entity can have."""
    rest = place[2:] if isinstance(place[1], int) else place[1:]
    if entity.many != isinstance(place[1], int) or not 1 <= len(rest) <= 2:
        return False
    return spec is None or spec.series == (len(rest) == 2)


def _filled(row: tuple[Cell, ...], facts: dict[int, list[str]]) -> bool:
    return any(row[column - 1].kind is not CellKind.EMPTY for column in facts)


def _is_heading(row: tuple[Cell, ...], sheet: Sheet) -> bool:
    """Say whether a row stands above the first item: headings, questions, hints."""
    first = next((each[0].row for each in sheet.rows if each[0].text == layout.ITEM), 0)
    return row[0].row < first


def _no_form(path: str) -> Finding:
    return Finding(
        code="E520",
        message=f"{path} is no form of this program",
        zh=f"{path} 不是本程序生成的填报表",
        help="make one with: incentives template -o form.xlsx",
        help_zh="请先生成填报表：incentives template -o form.xlsx",
    )
