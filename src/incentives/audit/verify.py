"""Replaying a receipt: the same rulebook, facts and dates must give the same bytes.

*Reproduced* means that everything in the receipt but the version of the program
came out again, byte for byte. Otherwise what differs is named, the cause before
its effects: the receipt itself, the rulebook, a date, a fact, the first step of
the first derivation that came out otherwise, and then the decisions.

What it proves and what it does not stands in ``docs/receipts.md``: a digest is
no signature. Whoever changes a receipt can make a new digest.

The law kept here: nothing that a receipt says is trusted before it was worked
out again. The trap: a receipt is anybody's file; every shape is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.canonical import NotCanonicalError, digest, read_canonical
from incentives.audit.compare import Difference, differences, line, shared_findings
from incentives.audit.receipt import FORMAT, Edition, Receipt, contents
from incentives.audit.stated import facts_of
from incentives.diagnostics import Finding, FindingsError, IncentivesError, Source
from incentives.engine.assess import Options
from incentives.engine.plan import Plan
from incentives.engine.results import Assessment
from incentives.language import core
from incentives.rulebook.load import build_rules
from incentives.rulebook.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.rulebook.model import Rules

_KEYS = {
    "format": str, "made_by": dict, "on": str, "options": dict, "rulebook": dict, "facts": dict,
    "derivations": dict, "assessment": dict, "digest": str,
}  # fmt: skip

_MOST_FILES: Final = 1_000


class ReceiptError(FindingsError):
    """A file is no receipt, or one that this version cannot read."""


class Verdict(StrEnum):
    """What verifying a receipt came to.

    ``other_rules``: the rulebook at hand is not the receipt's, so that nothing is
    proved; what differs under the one at hand is named all the same.
    """

    REPRODUCED = "reproduced"
    DIFFERENT = "different"
    OTHER_RULES = "other_rules"


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying one receipt came to, and every difference, the cause first.

    Under another version of the core (``other_core``) rule files, dates, facts and
    decisions were compared, and no derivations.
    """

    verdict: Verdict
    receipt: Receipt
    differences: tuple[Difference, ...] = ()
    made_by: str = ""
    other_core: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to tell about it, with stable codes; a cause that incentives share, once."""
        return shared_findings(self.differences, len(self.receipt.data["derivations"]))


class Library:
    """Rulebooks to replay with: one that is given, and those inside receipts.

    Args:
        rules: the rulebook for receipts that carry none.
        chosen: somebody chose ``rules`` for this; it is then used before what a
            receipt carries.
    """

    def __init__(self, rules: Rules, *, chosen: bool = False) -> None:
        self.given = _Shelf(rules)
        self.chosen = chosen
        self._embedded: dict[str, _Shelf] = {}

    def find(self, receipt: Receipt) -> _Shelf:
        """Return the rulebook to replay a receipt with.

        Raises:
            ReceiptError: the rule files inside the receipt cannot be loaded.
        """
        files = receipt.data["rules"]
        if files is None or self.chosen:
            return self.given
        key = digest(files)
        if key not in self._embedded:
            self._embedded[key] = _Shelf(_embedded(files))
        return self._embedded[key]


class _Shelf:
    """A rulebook with what replaying needs of it, made once."""

    def __init__(self, rules: Rules) -> None:
        self.edition = Edition(rules)
        self.rules = rules
        self.plan = Plan(rules)


def _embedded(files: Any) -> Rules:
    sources = []
    if isinstance(files, list) and len(files) > _MOST_FILES:
        raise _bad("所附的规则文件太多", "it holds too many rule files")
    for at, file in enumerate(files if isinstance(files, list) else [None]):
        if not isinstance(file, dict) or not all(
            isinstance(file.get(key), str) for key in ("name", "text")
        ):
            raise _bad("所附的规则文件残缺", "the rule files inside it are incomplete")
        sources.append(Source(f"{at:03}/{file['name']}", file["text"]))
    try:
        return build_rules(sources)
    except FindingsError as error:
        first = error.findings[0]
        raise _bad(
            f"所附的规则文件无法载入（{first.code}：{first.zh or first.message}）",
            f"the rule files inside it cannot be loaded ({first.code}: {first.message})",
        ) from None


def read_receipt(raw: bytes) -> Receipt:
    """Return a receipt from its bytes.

    Raises:
        ReceiptError: they are no canonical JSON, or no receipt of this format.
        MissingExtraError: the package ``rfc8785`` is not installed.
    """
    try:
        data = read_canonical(raw)
    except NotCanonicalError as error:
        raise _bad(error.zh, error.en) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = line(data.get("format", "")) if isinstance(data, dict) else None
        raise _bad(
            f"格式应为 {FORMAT}" + (f"，不是 {found}" if found else ""),
            f"its format is not {FORMAT}" + (f" but {found}" if found else ""),
        )
    lacking = [key for key, kind in _KEYS.items() if not isinstance(data.get(key), kind)]
    lacking += [] if "rules" in data else ["rules"]
    lacking += [] if isinstance(data.get("known_on", 0), str | None) else ["known_on"]
    if lacking:
        listed = ", ".join(lacking)
        raise _bad(f"缺少或写错了：{listed}", f"missing or malformed: {listed}")
    return Receipt(data, raw)


def _bad(zh: str, en: str) -> ReceiptError:
    return ReceiptError(
        [Finding(code="E600", message=f"this is not a receipt: {en}", zh=f"这不是凭证：{zh}")]
    )


def verify(receipt: Receipt, library: Library) -> Verification:
    """Replay a receipt and compare it with what came out.

    Raises:
        ReceiptError: it cannot be replayed at all: its facts cannot be read, or a
            date is none.
    """
    shelf = library.find(receipt)
    given = shelf is library.given and not library.chosen
    other = receipt.data["rulebook"].get("texts") != shelf.edition.data["texts"]
    made_by = str(receipt.data["made_by"].get("incentives", ""))
    found = []
    rest = {key: value for key, value in receipt.data.items() if key != "digest"}
    if digest(rest) != receipt.data["digest"]:
        found.append(Difference("seal", receipt.data["digest"], digest(rest)))
    try:
        found += differences(receipt.data, _replay(receipt, shelf), shelf.rules)
    except ReceiptError:
        if not other:
            raise
        texts = shelf.edition.data["texts"]
        found.append(Difference("rulebook", receipt.data["rulebook"].get("texts"), texts))
    other_core = receipt.data["made_by"].get("core") != core.VERSION
    if not found:
        return Verification(Verdict.REPRODUCED, receipt, (), made_by, other_core)
    whole = found[0].what != "seal"
    verdict = Verdict.OTHER_RULES if other and given and whole else Verdict.DIFFERENT
    return Verification(verdict, receipt, tuple(found), made_by, other_core)


def _replay(receipt: Receipt, shelf: _Shelf) -> Mapping[str, Any]:
    """Return the contents of the receipt that the same facts and dates give now."""
    data = receipt.data
    options = data["options"]
    only = options.get("only")
    if only is not None and not (
        isinstance(only, list) and all(isinstance(name, str) for name in only)
    ):
        raise _bad("options.only 应为编号列表", "options.only is no list of ids")
    wrong = [name for name in only or () if name not in shelf.rules.incentives]
    if wrong:
        raise _bad(f"规则中没有 {wrong[0]}", f"the rulebook has no incentive {wrong[0]}")
    chosen = Options(
        drafts=options.get("drafts") is True,
        assume_no_history=options.get("assume_no_history") is True,
        refine=options.get("refine") is not False,
        known_on=None if data["known_on"] is None else _day(data["known_on"]),
    )
    facts = facts_of(data["facts"].get("written"))
    try:
        profile = Profile(facts, shelf.rules.vocabulary, allow_extra=True)
    except IncentivesError as error:
        raise ReceiptError(getattr(error, "findings", ())) from None
    kept = None if only is None else frozenset(only)
    assessment = Assessment(shelf.plan, profile, _day(data["on"]), chosen, kept)
    return contents(assessment, shelf.edition)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _bad(f"{line(text)} 不是日期", f"{line(text)} is not a date") from None
