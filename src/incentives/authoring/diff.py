"""What changed in meaning between two rulebooks: figures, conditions, dates, amounts, payers.

Read from the checked core, not from the files: comments, layout, the order of
files and the place of a definition change nothing. What means the same is equal
by digest; the rest is walked side by side down to the smallest part that
differs, which is then said with its clause.

The law kept here: equal digests give no difference, and different ones at least
one (``tests/unit/authoring/test_diff.py``).

The trap: words (names, quotes, notes) are no meaning. An entry in which only
words changed is listed by its id and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from incentives.authoring.diff_words import NONE, label, parameter, quoted, shown
from incentives.explain.words import both
from incentives.language import core
from incentives.language.core import Role, Text
from incentives.language.walk import children
from incentives.rulebook.digest import meaning_fields, same_meaning, same_texts
from incentives.rulebook.model import Condition, Document, Incentive, Period, RoundingRule
from incentives.values.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incentives.rulebook.model import Rules

Data = dict[str, Any]

_WHOLE: Final = (Period, RoundingRule, Type, core.Dated)
_KEYS: Final = ("id", "payer", "incentive")


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs: where, what it was and what it is, under which clause."""

    what: str
    label: Text
    old: Text
    new: Text
    clause: str | None = None

    def to_dict(self) -> Data:
        """Return the change as JSON data."""
        texts = {"label": self.label, "old": self.old, "new": self.new}
        both_texts = {key: {"zh": one.zh, "en": one.get("en")} for key, one in texts.items()}
        return {"what": self.what, **both_texts, "clause": self.clause}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a rulebook: added, removed, changed, or changed in its words only.

    ``kind``: ``document incentive fact group split fund target vocabulary``.
    """

    kind: str
    id: str
    name: Text
    state: str
    changes: tuple[Change, ...] = ()

    def to_dict(self) -> Data:
        """Return the entry as JSON data."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": {"zh": self.name.zh, "en": self.name.get("en")},
            "state": self.state,
            "changes": [change.to_dict() for change in self.changes],
        }


def compare_rules(old: Rules, new: Rules) -> tuple[Entry, ...]:
    """Return every entry that differs, by kind and id."""
    found: list[Entry] = []
    for kind, one, other in _entries(old, new):
        for name in sorted({*one, *other}):
            entry = _compared(kind, name, one.get(name), other.get(name))
            if entry is not None:
                found.append(entry)
    moved = {
        (entry.id, change.old, change.new)
        for entry in found
        for change in entry.changes
        if entry.kind == "document" and change.what == "effective"
    }
    return tuple(kept for entry in found if (kept := _own(entry, moved)) is not None)


def touched(old: Rules, new: Rules, entries: tuple[Entry, ...]) -> frozenset[str]:
    """Return the incentives whose amounts may have changed: changed themselves, or through others.

    Through others: what they refer to, a group they are in, or their document.
    """
    meant = {entry.id for entry in entries if entry.state != "words"}
    found = set(meant)
    for rules in (old, new):
        for group in rules.groups:
            if meant & {group.id, *group.members}:
                found.update(group.members)
        for name, incentive in rules.incentives.items():  # in order of what they refer to
            if found & {incentive.document.id, *incentive.depends_on}:
                found.add(name)
    return frozenset(found)


def _own(entry: Entry, moved: set[tuple[str, Text, Text]]) -> Entry | None:
    """Return an entry without what it has from its document, and what readings only repeat."""
    if entry.kind != "incentive" or entry.state != "changed":
        return entry
    document = entry.id.split("/")[0]
    own = {(one.what, one.old, one.new) for one in entry.changes}
    kept = []
    for change in entry.changes:
        words = change.what.split(" ")
        plain = " ".join(words[2:]) if words[0] == "readings" else ""
        inherited = words[-1] == "period" and (document, change.old, change.new) in moved
        if not inherited and (plain, change.old, change.new) not in own:
            kept.append(change)
    return replace(entry, changes=tuple(kept)) if kept else None


def _entries(old: Rules, new: Rules) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    yield "document", old.documents, new.documents
    yield "incentive", old.incentives, new.incentives
    for kind in ("group", "split", "fund", "target"):
        mine, other = ({one.id: one for one in getattr(side, f"{kind}s")} for side in (old, new))
        yield kind, mine, other
    facts = [{spec.path: spec for spec in rules.vocabulary.facts.values()} for rules in (old, new)]
    yield "fact", facts[0], facts[1]
    yield "entity", old.vocabulary.entities, new.vocabulary.entities
    yield "region", old.vocabulary.regions, new.vocabulary.regions


def _compared(kind: str, name: str, old: Any, new: Any) -> Entry | None:
    if old is None or new is None:
        state = "added" if old is None else "removed"
        return Entry(kind, name, _name(old or new, name), state)
    if getattr(old, "document", None) is not None and getattr(new, "document", None) is not None:
        new = replace(new, document=old.document)  # the documents are compared by themselves
    if same_meaning(old, new):
        same = same_texts(old, new)
        return None if same else Entry(kind, name, _name(new, name), "words")
    changes = tuple(dict.fromkeys(_Walk().entry(old, new)))
    return Entry(kind, name, _name(new, name), "changed", changes)


def _name(entry: Any, otherwise: str) -> Text:
    for key in ("name", "title", "label", "metric"):
        found = getattr(entry, key, None)
        if isinstance(found, Text):
            return found
    return both(otherwise)


class _Walk:
    """Two entries walked side by side; equal parts are passed over."""

    def entry(self, old: Any, new: Any) -> list[Change]:
        """Return what differs between two entries with one id."""
        found = list(self.parts(old, new, _Place()))
        if not found:
            found = [Change("meaning", Text("含义", "meaning"), NONE, NONE)]
        return found

    def parts(self, old: Any, new: Any, at: _Place) -> Iterator[Change]:
        """Yield the smallest parts that differ."""
        if old is new or same_meaning(old, new):
            return
        if isinstance(old, core.Node) and isinstance(new, core.Node):
            yield from self.nodes(old, new, at)
        elif isinstance(old, _WHOLE) or not is_dataclass(old) or type(old) is not type(new):
            if isinstance(old, tuple) and isinstance(new, tuple):
                yield from self.lists(old, new, at)
            else:
                yield at.change(shown(old), shown(new))
        else:
            yield from self.fields(old, new, at)

    def fields(self, old: Any, new: Any, at: _Place) -> Iterator[Change]:
        here = at.under(getattr(new, "clause", None))
        mine, other = meaning_fields(old), meaning_fields(new)
        if isinstance(old, Condition):
            yield from self.condition(old, new, here)
            return
        for name, part in mine.items():
            if isinstance(part, Document) or (name == "depends_on" and isinstance(old, Incentive)):
                continue  # the document is compared by itself; what is referred to shows in tests
            if isinstance(part, Mapping):  # choices: their words are no meaning
                part = frozenset(part)  # noqa: PLW2901
                other[name] = frozenset(other.get(name) or ())
            yield from self.parts(part, other.get(name), here.down(name))

    def condition(self, old: Condition, new: Condition, at: _Place) -> Iterator[Change]:
        """Yield what differs between two conditions: part by part where they have the same."""
        same = [one.id for one in old.parts] == [one.id for one in new.parts]
        if same and old.parts and old.at_least == new.at_least:
            found = list(self.lists(old.parts, new.parts, at))
            yield from found
            if found:
                return
        yield from self.parts(old.test, new.test, at)

    def lists(self, old: tuple[Any, ...], new: tuple[Any, ...], at: _Place) -> Iterator[Change]:
        """Yield what differs between lists: entry by entry where they have keys, else whole."""
        keyed = [_by_key(part) for part in (old, new)]
        if keyed[0] is None or keyed[1] is None:
            yield at.change(shown(old), shown(new))
            return
        for key in dict.fromkeys([*keyed[0], *keyed[1]]):
            mine, other = keyed[0].get(key), keyed[1].get(key)
            here = at.down(key) if key else at.up()
            if mine is None or other is None:
                yield here.under(getattr(other or mine, "clause", None)).change(
                    shown(mine), shown(other)
                )
            else:
                yield from self.parts(mine, other, here)
        if list(keyed[0]) != list(keyed[1]) and {*keyed[0]} == {*keyed[1]}:
            yield at.change(both(", ".join(keyed[0])), both(", ".join(keyed[1])))

    # ── expressions ──────────────────────────────────────────────────────────

    def nodes(self, old: Any, new: Any, at: _Place) -> Iterator[Change]:
        """Yield the smallest expressions that differ."""
        here = at.inside(old, new)
        if isinstance(old, core.Param) and isinstance(new, core.Param) and old.path == new.path:
            name = old.path.rsplit(".", 1)[-1]
            clause = new.clause or at.clause
            texts = parameter(old), parameter(new)
            yield replace(here.down(f"parameter {name}").change(*texts), clause=clause)
            return
        below = children(old), children(new)
        if type(old) is type(new) and len(below[0]) == len(below[1]) and _same_head(old, new):
            for mine, other in zip(*below, strict=True):
                yield from self.parts(mine, other, here)
            return
        yield here.change(*here.texts(old, new))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is: the path, the clause, and the text around it in either rulebook."""

    path: tuple[str, ...] = ()
    clause: str | None = None
    around: tuple[tuple[str, str], ...] = ()

    def down(self, name: str) -> _Place:
        return replace(self, path=(*self.path, name))

    def up(self) -> _Place:
        return replace(self, path=self.path[:-1])

    def under(self, clause: str | None) -> _Place:
        return replace(self, clause=clause or self.clause)

    def inside(self, old: Any, new: Any) -> _Place:
        """Return the place within an expression, and within the definition it comes from."""
        before, after = quoted(old), quoted(new)
        around = self.around if before is None or after is None else (*self.around, (before, after))
        here = replace(self, around=around)
        origin = new.origin
        if origin is None or origin.role is not Role.DEFINITION or origin.says is None:
            return here
        name = f"definition {origin.says.zh}"
        return here if name in self.path else here.down(name)

    def texts(self, old: Any, new: Any) -> tuple[Text, Text]:
        """Return two expressions in words; where those are the same, what stands around them."""
        figures = isinstance(old, core.Const) and isinstance(new, core.Const)
        for before, after in () if figures else reversed(self.around):
            if before != after:
                return both(before), both(after)
        return shown(old), shown(new)

    def change(self, old: Text, new: Text) -> Change:
        """Return the change that was found here."""
        names = [_named(name) for name in self.path]
        kept = [one for one, after in zip(names, [*names[1:], None], strict=True) if one != after]
        title = Text("，".join(one.zh for one in kept), ", ".join(one.get("en") for one in kept))
        return Change(" ".join(self.path), title, old, new, self.clause)


def _named(name: str) -> Text:
    first, _, rest = name.partition(" ")
    if rest and first in {"parameter", "definition"}:
        zh = {"parameter": "参数", "definition": "定义"}[first]
        return Text(f"{zh} {rest}", f"{first} {rest}")
    return label(name)


def _same_head(old: Any, new: Any) -> bool:
    """Say whether two nodes of one kind differ in nothing but the expressions below them."""
    if isinstance(old, core.Const):
        return False
    mine, other = meaning_fields(old), meaning_fields(new)
    return all(_holds_nodes(part) or same_meaning(part, other[name]) for name, part in mine.items())


def _holds_nodes(part: Any) -> bool:
    if isinstance(part, tuple):
        return any(map(_holds_nodes, part))
    return isinstance(part, core.Node | core.Years)


def _by_key(entries: tuple[Any, ...]) -> dict[str, Any] | None:
    """Return the entries of a list by what tells them apart, ``None`` if nothing does."""
    if not all(is_dataclass(one) for one in entries):
        return None
    found: dict[str, Any] = {}
    for at, one in enumerate(entries):
        key = next((str(getattr(one, name)) for name in _KEYS if hasattr(one, name)), None)
        if key is None and hasattr(one, "period"):
            since = one.period.since
            key = "" if since is None or at == 0 else since.isoformat()
        key = str(at + 1) if key is None else key
        if key in found:
            return None
        found[key] = one
    return found
