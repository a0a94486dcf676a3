"""A receipt: one assessment with everything that is needed to reach it again.

``incentives/receipt/1`` is canonical JSON (RFC 8785) with its own digest; what
each field means stands in ``docs/receipts.md``. Amounts are texts.

The law kept here: the same rulebook, profile, dates and options give the same
bytes, in any process, place, time zone, locale and decimal context.

The trap: whatever can change the bytes must be pinned by a digest in
``rulebook``. Places in rule files cannot be, so findings leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from incentives.audit.canonical import canonical, digest, sha256
from incentives.audit.contract import kept
from incentives.audit.stated import read, written
from incentives.audit.steps import derivation
from incentives.explain.contract import assessment_data
from incentives.language import core
from incentives.resources import __version__
from incentives.rulebook.digest import (
    document_digests,
    incentive_digest,
    meaning_digest,
    text_digest,
    vocabulary_digest,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incentives.engine.results import Assessment
    from incentives.rulebook.model import Rules

FORMAT: Final = "incentives/receipt/1"
Data = dict[str, Any]


class Edition:
    """A rulebook as receipts name it: its digests, worked out once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    @cached_property
    def data(self) -> Data:
        """The digests of the rulebook, its vocabulary, documents and incentives."""
        rules = self.rules
        documents = {}
        for name, document in rules.documents.items():
            meaning, texts = document_digests(rules, name)
            source = dict(document.source)
            documents[name] = {"meaning": meaning, "texts": texts, "source": source}
        return {
            "meaning": meaning_digest(rules),
            "texts": text_digest(rules),
            "vocabulary": vocabulary_digest(rules),
            "documents": documents,
            "incentives": {name: incentive_digest(one) for name, one in rules.incentives.items()},
            "files": [sha256(file["text"].encode()) for file in self.files],
        }

    @cached_property
    def files(self) -> list[Data]:
        """The texts of the rule files, in the order they were read; no path but the name."""
        return [
            {"name": source.path.replace("\\", "/").rsplit("/", 1)[-1], "text": source.text}
            for source in self.rules.sources
        ]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: its data, and the bytes that are kept, sent and signed."""

    data: Mapping[str, Any]
    raw: bytes

    @property
    def digest(self) -> str:
        """The digest that the receipt carries of its own contents."""
        return str(self.data["digest"])

    def __repr__(self) -> str:
        return f"<Receipt {self.digest[:15]}… on {self.data['on']}>"


def issue(assessment: Assessment, edition: Edition, *, embed_rules: bool = False) -> Receipt:
    """Return the receipt of an assessment.

    Args:
        assessment: what is to be kept.
        edition: the rulebook it was made by.
        embed_rules: also the texts of the rule files, so that it can be verified alone.

    Raises:
        MissingExtraError: the package ``rfc8785`` is not installed.
    """
    data = contents(assessment, edition)
    data["rules"] = edition.files if embed_rules else None
    return sealed(data)


def contents(assessment: Assessment, edition: Edition) -> Data:
    """Return everything in a receipt but the embedded rules and its own digest."""
    options, only = assessment.options, assessment.only
    return {
        "format": FORMAT,
        "made_by": {"incentives": __version__, "core": core.VERSION},
        "on": assessment.on.isoformat(),
        "known_on": None if options.known_on is None else options.known_on.isoformat(),
        "options": {
            "drafts": options.drafts,
            "assume_no_history": options.assume_no_history,
            "refine": options.refine,
            "only": None if only is None else sorted(only),
        },
        "rulebook": edition.data,
        "facts": {"written": written(assessment.profile), "read": read(assessment.profile)},
        "derivations": {one.incentive: _derivation(one) for one in assessment},
        "assessment": kept(assessment_data(assessment)),
    }


def _derivation(decision: Any) -> Data:
    entries = derivation(decision)
    return {"digest": digest(entries), "entries": entries}


def sealed(data: Data) -> Receipt:
    """Return a receipt over data, with the digest of everything else in it."""
    rest = {key: value for key, value in data.items() if key != "digest"}
    whole = {**rest, "digest": digest(rest)}
    return Receipt(whole, canonical(whole))
