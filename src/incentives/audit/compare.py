"""What differs between a receipt and its replay, the cause before its effects.

A derivation is compared in the order of evaluation, the steps that a step used
before the step itself: the first that differs is the fact, figure or date that
changed, and not the amount it led to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.labels import label_of
from incentives.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from incentives.rulebook.model import Rules

_ABSENT: Final = "—"
_MOST: Final = 120
_CODES: Final = {"seal": "E601", "rulebook": "E602", "on": "E603", "known_on": "E603"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is recorded otherwise than it came out.

    ``what`` is a stable word or path: ``seal``, ``rulebook …``, ``on``, ``fact …``,
    ``parameter …`` and so on; ``incentive``, ``item`` and ``clause`` say where in a
    derivation or decision. ``label`` is what people call it, (Chinese, English).
    """

    what: str
    recorded: Any
    found: Any
    incentive: str | None = None
    item: str | None = None
    clause: str | None = None
    label: tuple[str, str] | None = None

    @property
    def code(self) -> str:
        """The code of the finding."""
        kind = self.what.split(" ")[0]
        if self.what in _CODES or kind in _CODES:
            return _CODES.get(self.what) or _CODES[kind]
        return "E604" if self.incentive is None and kind in {"fact", "options"} else "E605"

    @property
    def finding(self) -> Finding:
        """The difference as a finding, in both languages."""
        recorded, found = show(self.recorded), show(self.found)
        if self.what == "seal":
            zh = f"凭证在出具后被改动过：所载摘要为 {recorded}，按内容应为 {found}"
            en = (
                f"the receipt was changed after it was issued: it carries the digest {recorded},"
                f" its contents have {found}"
            )
            return Finding(code=self.code, message=en, zh=zh)
        if self.what.startswith("rulebook") and self.label is not None:
            zh, en = self.label
            zh = f"{zh}不是凭证所记的（{recorded}）"
            return Finding(
                code=self.code, message=f"{en}: not what the receipt names ({recorded})", zh=zh
            )
        name_zh, name_en = self._names()
        zh = f"{self._where_zh()}{name_zh}：凭证为 {recorded}，重算为 {found}"
        en = f"{self._where_en()}{name_en}: the receipt has {recorded}, replayed it is {found}"
        return Finding(code=self.code, message=en, zh=zh)

    def among(self, incentives: Sequence[str], of: int) -> Finding:
        """Return the finding of a cause that several incentives share, of ``of`` in all."""
        one = replace(self, incentive=None, item=None, clause=None).finding
        listed = [line(each) for each in incentives]
        zh = f"涉及{len(listed)}项：{'、'.join(listed)}"
        en = f"in {len(listed)} incentives: {', '.join(listed)}"
        if len(listed) == of:
            zh, en = f"全部{of}项都如此", f"in every one of {of} incentives"
        return replace(one, code=self.code, message=f"{one.message}; {en}", zh=f"{one.zh}；{zh}")

    def _names(self) -> tuple[str, str]:
        if self.label is None:
            return line(self.what), line(self.what)
        if self.label[1] == self.what:
            return line(self.label[0]), line(self.label[1])
        return f"{self.label[0]}（{line(self.what)}）", f"{self.label[1]} ({line(self.what)})"

    def _where_zh(self) -> str:
        parts = [self.incentive, self.clause, self.item and f"第{self.item}项"]
        return "，".join(line(part) for part in parts if part) + ("：" if any(parts) else "")

    def _where_en(self) -> str:
        parts = [self.incentive, self.clause, self.item and f"item {self.item}"]
        return ", ".join(line(part) for part in parts if part) + (": " if any(parts) else "")


def shared_findings(found: Sequence[Difference], of: int) -> tuple[Finding, ...]:
    """Return what to tell about differences: a cause that several incentives share, once.

    ``of`` is how many incentives the receipt decides.
    """
    causes: dict[tuple[str, str, str, bool], list[Difference]] = {}
    for one in found:
        alone = one.incentive is None
        key = (one.what, repr(one.recorded), repr(one.found), alone)
        causes.setdefault(key, []).append(one)
    return tuple(
        same[0].finding
        if len(same) == 1 or same[0].incentive is None
        else same[0].among([str(one.incentive) for one in same], of)
        for same in causes.values()
    )


def show(value: Any) -> str:
    """Return a recorded value, short, on one line."""
    match value:
        case None:
            return _ABSENT
        case bool():
            return "true" if value else "false"
        case dict() if "unknown" in value:
            low, high = value.get("low"), value.get("high")
            range_ = "" if low is None and high is None else f" {low or ''}…{high or ''}"
            return f"unknown{range_}"
        case str() if value.startswith("sha256:"):
            return line(value[:19]) + "…"
        case list() if all(isinstance(part, str) for part in value):
            return line(f"[{', '.join(value)}]")
        case list():
            return f"[{len(value)}]"
        case _:
            return line(value)


def line(value: Any) -> str:
    """Return what somebody else wrote, short, on one line, without control characters."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def differences(
    recorded: Mapping[str, Any], found: Mapping[str, Any], rules: Rules
) -> list[Difference]:
    """Return what a receipt records otherwise than its replay, the cause first.

    Of each derivation only the first step; of the decisions whatever no
    derivation accounts for. Under another version of the core, digests and
    derivations may be written otherwise: then only rule files, dates, facts and
    decisions are compared.
    """
    if recorded["made_by"].get("core") != found["made_by"]["core"]:
        recorded, found = _apart_from_core(recorded), _apart_from_core(found)
    out = list(_heads(recorded, found))
    out += _facts(recorded["facts"], found["facts"])
    out += _derivations(recorded["derivations"], found["derivations"])
    out += _others(recorded, found)
    known = {one.incentive for one in out}
    for path, old, new in _leaves(recorded["assessment"], found["assessment"], ""):
        if path == "on":
            continue  # named already
        incentive = _incentive(path, found["assessment"], recorded["assessment"])
        if incentive is None or incentive not in known:
            known |= {incentive} - {None}
            out.append(Difference(_shown(path), old, new, incentive))
    return [replace(one, label=label_of(one.what, rules)) for one in out]


def _others(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what a receipt holds that none does."""
    for key in sorted({*recorded} - {*found, "rules", "digest"}):
        yield Difference(key, recorded[key], None)
    for key in sorted({*recorded["made_by"]} ^ {*found["made_by"]}):
        yield Difference(f"made_by {key}", recorded["made_by"].get(key), None)


def _apart_from_core(data: Mapping[str, Any]) -> Mapping[str, Any]:
    files = data["rulebook"].get("files")
    return {**data, "rulebook": {"texts": None, "files": files}, "derivations": {}}


def _heads(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what differs in the rulebook, the dates and the options."""
    inside = recorded["rules"] is not None
    yield from _rulebook(recorded["rulebook"], found["rulebook"], inside=inside)
    for key in ("on", "known_on"):
        if recorded[key] != found[key]:
            yield Difference(key, recorded[key], found[key])
        if recorded["assessment"].get(key) != found["assessment"].get(key):
            yield Difference(key, recorded["assessment"].get(key), found["assessment"].get(key))
    yield from (
        Difference(path, old, new)
        for path, old, new in _leaves(recorded["options"], found["options"], "options")
    )


def _rulebook(recorded: Any, found: Any, *, inside: bool) -> Iterator[Difference]:
    """Yield that the rulebook is another, and which documents make it so.

    Files that only differ in comments mean and say the same; inside a receipt
    they are the receipt's own and may not differ at all.
    """
    strict = inside or recorded.get("texts") is None
    names = {*recorded, *found} - (set() if strict else {"files"})
    if all(recorded.get(name) == found.get(name) for name in names):
        return
    yield Difference("rulebook", recorded.get("texts"), found["texts"])
    old, new = recorded.get("documents"), found.get("documents", {})
    for name in sorted({*old, *new}) if isinstance(old, dict) else ():
        for what in ("meaning", "texts"):
            before, after = _within(old, name, what), _within(new, name, what)
            if before != after:
                yield Difference(f"rulebook {name} {what}", before, after)
                break
    if recorded.get("vocabulary") != found.get("vocabulary"):
        yield Difference("rulebook vocabulary", recorded.get("vocabulary"), found.get("vocabulary"))
    elif recorded.get("texts") == found["texts"]:
        yield Difference("rulebook files", recorded.get("files"), found.get("files"))


def _within(data: Any, *keys: str) -> Any:
    """Return what stands under keys, ``None`` where there is no such table."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _facts(recorded: Any, found: Any) -> Iterator[Difference]:
    """Yield the facts that read otherwise than recorded."""
    for path, old, new in _leaves(recorded.get("written"), found["written"], "written"):
        yield Difference(f"fact {path.removeprefix('written ')}", old, new)
    old_read, new_read = _by_fact(recorded.get("read")), _by_fact(found["read"])
    for path in sorted({*old_read, *new_read}):
        old, new = old_read.get(path), new_read.get(path)
        if old != new:
            yield Difference(f"fact {path}", old, new)
    if not isinstance(recorded.get("read"), list) or len(recorded["read"]) != len(found["read"]):
        yield Difference("fact", "…", "…")


def _by_fact(read: Any) -> dict[str, Any]:
    rows = [one for one in read if isinstance(one, dict)] if isinstance(read, list) else []
    return {str(one.get("fact")): one.get("value") for one in rows}


# ── derivations ──────────────────────────────────────────────────────────────


def _derivations(recorded: Any, found: Any) -> Iterator[Difference]:
    """Yield the first difference of each derivation that differs."""
    for incentive in sorted({*recorded, *found}):
        old, new = recorded.get(incentive), found.get(incentive)
        if old == new:
            continue
        entries = [one.get("entries") if isinstance(one, dict) else None for one in (old, new)]
        difference = _first_entry(*entries, incentive=incentive)
        yield difference or Difference("derivation", _digest_of(old), _digest_of(new), incentive)


def _digest_of(derivation: Any) -> Any:
    return derivation.get("digest") if isinstance(derivation, dict) else derivation


def _first_entry(old: Any, new: Any, *, incentive: str) -> Difference | None:
    if not isinstance(old, list) or not isinstance(new, list):
        return None
    for mine, other in zip_longest(old, new):
        if mine != other:
            return _entry(mine, other, incentive)
    return None


def _entry(mine: Any, other: Any, incentive: str) -> Difference:
    shown = other if isinstance(other, dict) else mine if isinstance(mine, dict) else {}
    item, clause = shown.get("item") or None, shown.get("clause")
    heads = _head(mine), _head(other)
    if heads[0] != heads[1] or heads[0] is None:
        return Difference("derivation", *heads, incentive, item, clause)
    step = _first_step(mine.get("step"), other.get("step"))
    if step is None:
        clauses = mine.get("clause"), other.get("clause")
        return Difference(str(shown.get("of")), *clauses, incentive, item, clause)
    what, before, after = step
    return Difference(what, before, after, incentive, item, clause)


def _head(entry: Any) -> str | None:
    """Return which expression an entry is about."""
    if not isinstance(entry, dict):
        return None
    return f"{entry.get('of')} {entry.get('item') or ''}".strip()


def _first_step(old: Any, new: Any) -> tuple[str, Any, Any] | None:
    """Return what the first differing step is, in the order of evaluation, with both values."""
    if old == new:
        return None
    if not _is_step(old) or not _is_step(new):
        return "step", old, new
    for mine, other in zip(old[2:], new[2:], strict=False):
        found = _first_step(mine, other)
        if found is not None:
            return found
    if old[0] != new[0]:
        return "step", f"{old[0]} = {show(old[1])}", f"{new[0]} = {show(new[1])}"
    if old[1] != new[1]:
        return str(new[0]), old[1], new[1]
    return str(new[0]), f"{len(old) - 2} steps", f"{len(new) - 2} steps"


def _is_step(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and isinstance(value[0], str)


# ── the rest ─────────────────────────────────────────────────────────────────


def _leaves(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield path and both values of every leaf that differs."""
    if type(old) is type(new) and old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _leaves(old.get(key), new.get(key), f"{path} {key}".strip())
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (mine, other) in enumerate(zip(old, new, strict=True)):
            yield from _leaves(mine, other, f"{path} {at + 1}".strip())
    else:
        yield path, old, new


def _incentive(path: str, *assessments: Any) -> str | None:
    """Return the incentive that a path into an assessment leads to."""
    parts = path.split(" ")
    if parts[0] != "decisions" or len(parts) < 2:
        return None
    for assessment in assessments:
        decisions = assessment.get("decisions")
        if isinstance(decisions, list) and int(parts[1]) <= len(decisions):
            found = decisions[int(parts[1]) - 1]
            if isinstance(found, dict) and isinstance(found.get("incentive"), str):
                return str(found["incentive"])
    return None


def _shown(path: str) -> str:
    parts = path.split(" ")
    return " ".join(parts[2:]) or "decisions" if parts[0] == "decisions" else path
