"""The library's front: a rulebook that assesses, decisions that explain themselves.

Joins the floors below for callers; holds no meaning of its own.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from incentives.diagnostics import ProfileError, RulebookError, UnknownIncentiveError
from incentives.engine import results
from incentives.engine.assess import Options
from incentives.engine.budget import check_budget
from incentives.engine.plan import Plan
from incentives.engine.results import unknown_incentive
from incentives.resources import example_path, rules_path
from incentives.rulebook import model
from incentives.rulebook.digest import incentive_digest, meaning_digest, text_digest
from incentives.rulebook.load import load_rules
from incentives.rulebook.profile import Profile, parse_profile
from incentives.rulebook.toml import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from incentives.advice.questions import Question
    from incentives.advice.what_if import WhatIf
    from incentives.audit.receipt import Edition, Receipt
    from incentives.engine.curve import Curve
    from incentives.rulebook.model import Document, Rules, Vocabulary

EXAMPLE = "example:"
MANY_ITEMS = 10_000  # so many cost nothing to read


class Decision(results.Decision):
    """The decision about one incentive for one applicant on one date, with its reasons."""

    def explain(self, lang: str = "zh", *, full: bool = False) -> str:
        """Return the explanation as text.

        Args:
            lang: ``zh`` or ``en``.
            full: add the whole derivation.
        """
        from incentives.explain.decision import explain_decision
        from incentives.explain.text import render_text

        return render_text(explain_decision(self, full=full), lang)

    def to_markdown(self, lang: str = "zh", *, full: bool = False) -> str:
        """Return the explanation as Markdown, in ``zh`` or ``en``."""
        from incentives.explain.decision import explain_decision
        from incentives.explain.markdown import render_markdown

        return render_markdown(explain_decision(self, full=full), lang)

    def to_html(self, lang: str = "zh", *, full: bool = False, page: bool = True) -> str:
        """Return the explanation as a page of HTML; without ``page`` as an element for one.

        Args:
            lang: ``zh`` or ``en``.
            full: add the whole derivation.
            page: a whole page; else an element for one, with its own style.
        """
        from incentives.explain.decision import explain_decision
        from incentives.explain.html import render_html

        return render_html(explain_decision(self, full=full), lang, page=page)

    def _repr_html_(self) -> str:
        return self.to_html(page=False)

    def to_dict(self, *, explained: bool = False, full: bool = False) -> dict[str, Any]:
        """Return the decision in the shape of the JSON contract.

        Args:
            explained: add the lines of the explanation, as ``explanation``.
            full: of the whole derivation.
        """
        from incentives.explain.contract import decision_data, explanation_data

        data = decision_data(self)
        if explained:
            from incentives.explain.decision import explain_decision

            data["explanation"] = explanation_data(explain_decision(self, full=full))
        return data

    def what_if(self) -> WhatIf:
        """Return what would change it: the smallest changes, or what more of a figure is worth."""
        from incentives.advice.what_if import what_if

        return what_if(self)

    def curve(self, fact: str | None = None) -> Curve:
        """Return the amount as a function of one money or count fact, in exact pieces.

        Args:
            fact: a path such as ``contract[1].performed_amount``, or its end;
                without it the one figure that matters.

        Raises:
            CurveError: there is no such curve, or several figures matter.
        """
        from incentives.advice.curves import decision_curve

        return decision_curve(self, fact)


class Assessment(results.Assessment):
    """Every decision for one profile on one date; a mapping by incentive id, and iterable."""

    decision_type = Decision

    if TYPE_CHECKING:  # what the base class gives, as the decisions of this floor

        def __getitem__(self, incentive: str) -> Decision: ...

        def __iter__(self) -> Iterator[Decision]: ...

        @property
        def decisions(self) -> tuple[Decision, ...]:
            """Every decision, by id."""

    def __init__(self, rulebook: Rulebook, *rest: Any) -> None:
        super().__init__(rulebook.plan, *rest)
        self.rulebook = rulebook

    def __reduce__(self) -> tuple[type[Assessment], tuple[Any, ...]]:
        """Travel as what it was made from; the decisions are made again on arrival."""
        return Assessment, (self.rulebook, self.profile, self.on, self.options, self.only)

    def explain(self, lang: str = "zh", *, full: bool = False) -> str:
        """Return the whole assessment as text, in ``zh`` or ``en``."""
        from incentives.explain.assessment import explain_assessment
        from incentives.explain.text import render_text

        return render_text(explain_assessment(self, full=full), lang)

    def to_markdown(self, lang: str = "zh", *, full: bool = False) -> str:
        """Return the whole assessment as Markdown, in ``zh`` or ``en``."""
        from incentives.explain.assessment import explain_assessment
        from incentives.explain.markdown import render_markdown

        return render_markdown(explain_assessment(self, full=full), lang)

    def to_html(self, lang: str = "zh", *, full: bool = False, page: bool = True) -> str:
        """Return the assessment as a page of HTML; without ``page`` as an element for one.

        Args:
            lang: ``zh`` or ``en``.
            full: add the whole derivation.
            page: a whole page; else an element for one, with its own style.
        """
        from incentives.explain.assessment import explain_assessment
        from incentives.explain.html import render_html

        return render_html(explain_assessment(self, full=full), lang, page=page)

    def _repr_html_(self) -> str:
        return self.to_html(page=False)

    def to_frame(self) -> Any:
        """Return one row for each decision, as a frame of polars, else of pandas.

        Raises:
            MissingExtraError: neither is installed.
        """
        from incentives.explain.frame import assessment_frame

        return assessment_frame(self)

    def to_dict(self, *, explained: bool = False, full: bool = False) -> dict[str, Any]:
        """Return the assessment in the shape of the JSON contract (``incentives/assessment/1``).

        Args:
            explained: add the lines of the explanation, as ``explanation``.
            full: of the whole derivation.
        """
        from incentives.explain.contract import assessment_data, explanation_data

        data = assessment_data(self)
        if explained:
            from incentives.explain.assessment import explain_assessment

            data["explanation"] = explanation_data(explain_assessment(self, full=full))
        return data

    def receipt(self, *, embed_rules: bool = False) -> Receipt:
        """Return the receipt: everything that is needed to reach this assessment again.

        Args:
            embed_rules: also the rule files, so that it can be verified alone.

        Raises:
            MissingExtraError: the extra ``receipts`` is not installed.
        """
        from incentives.audit.receipt import issue

        return issue(self, self.rulebook.edition, embed_rules=embed_rules)

    def to_workbook(self, path: str | PathLike[str], lang: str = "zh") -> None:
        """Write the assessment as a workbook (.xlsx) whose sums recompute, in ``zh`` or ``en``.

        Raises:
            MissingExtraError: the extra ``excel`` is not installed.
            OSError: the file cannot be written.
        """
        from incentives.office.result import write_result

        write_result(path, self, lang)

    def questions(self) -> tuple[Question, ...]:
        """Return the facts to ask for next, the most valuable first, with what each can change."""
        from incentives.advice.questions import questions

        return questions(self)


class Incentive(model.Incentive):
    """An incentive of a rulebook that shows itself in a notebook.

    Equal to the plain one it was made of; pickled and unpickled it is that one.
    """

    __slots__ = ("_rules",)

    @classmethod
    def of(cls, plain: model.Incentive, rules: Rules) -> Incentive:
        """Return an incentive with the rules that name its regions and recipients."""
        made = cls(*_values(plain))
        object.__setattr__(made, "_rules", rules)
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, model.Incentive):
            return NotImplemented
        return self is other or _values(self) == _values(other)

    __hash__ = model.Incentive.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return model.Incentive, _values(self)

    def __repr__(self) -> str:
        return f"<Incentive {self.id}: {self.name.zh}>"

    def _repr_html_(self) -> str | None:
        from incentives.authoring.cards import incentive_card
        from incentives.explain.html import render_html

        rules = getattr(self, "_rules", None)
        return None if rules is None else render_html(incentive_card(rules, self), "zh", page=False)


def _values(incentive: model.Incentive) -> tuple[Any, ...]:
    return tuple(getattr(incentive, field.name) for field in fields(model.Incentive))


class Rulebook:
    """A complete, checked, immutable set of rules; safe to share between threads."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @property
    def rules(self) -> Rules:
        """The rules as the engine reads them."""
        return self._rules

    @cached_property
    def plan(self) -> Plan:
        """The rules compiled for assessing one profile at a time."""
        return Plan(self.rules)

    @property
    def vocabulary(self) -> Vocabulary:
        """The entities and facts a profile may state."""
        return self.rules.vocabulary

    def __reduce__(self) -> tuple[type[Rulebook], tuple[Rules]]:
        """Travel without what can be worked out again: the plan is compiled on arrival."""
        return Rulebook, (self._rules,)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The policy documents by id."""
        return MappingProxyType(self.rules.documents)

    @cached_property
    def incentives(self) -> Mapping[str, Incentive]:
        """The incentives by id, ``document/incentive``."""
        plain = self.rules.incentives
        made = {name: Incentive.of(each, self.rules) for name, each in plain.items()}
        return MappingProxyType(made)

    def __getitem__(self, incentive: str) -> Incentive:
        found = self.incentives.get(incentive)
        if found is None:
            raise UnknownIncentiveError(unknown_incentive(incentive, sorted(self.rules.incentives)))
        return found

    @cached_property
    def digest(self) -> str:
        """What the rules mean, as ``sha256:…``: comments, texts and file order do not matter."""
        return meaning_digest(self.rules)

    @cached_property
    def text_digest(self) -> str:
        """Everything the rules say, meaning and words, as ``sha256:…``."""
        return text_digest(self.rules)

    @cached_property
    def edition(self) -> Edition:
        """The rulebook as receipts name it: by the digests of its parts."""
        from incentives.audit.receipt import Edition

        return Edition(self.rules)

    def incentive_digest(self, incentive: str) -> str:
        """Return what one incentive means, as ``sha256:…``."""
        return incentive_digest(self[incentive])

    def profile(self, profile: Any, *, allow_extra: bool = False) -> Profile:
        """Return a checked profile.

        Args:
            profile: a path to a TOML or JSON file or a filled-in form (.xlsx),
                ``example:NAME``, a mapping of facts, or a ``Profile``.
            allow_extra: facts the vocabulary does not know become warnings.

        Raises:
            ProfileError: with every finding at once.
            OSError: the file cannot be read.
        """
        if isinstance(profile, Profile):
            return profile
        if isinstance(profile, str | PathLike):
            return read_profile(
                profile, self.vocabulary, allow_extra=allow_extra, check=self._check_lengths
            )
        self._check_lengths(profile)
        return Profile(profile, self.vocabulary, allow_extra=allow_extra)

    def _check_lengths(self, data: Any) -> None:
        """Refuse lists that would take too long to decide, before their facts are read."""
        lengths = Profile.stated_lengths(data) if isinstance(data, dict) else {}
        if sum(lengths.values()) > MANY_ITEMS:
            check_budget(self.plan, lengths)

    def assess(
        self,
        profile: Any,
        on: date,
        *,
        drafts: bool = False,
        assume_no_history: bool = False,
        allow_extra: bool = False,
        only: Iterable[str] | None = None,
        known_on: date | None = None,
    ) -> Assessment:
        """Decide every incentive for one profile on one date.

        Args:
            profile: what ``profile()`` takes.
            on: the date of assessment; the library never reads the clock.
            drafts: assess drafts too, in a second pass, never in totals.
            assume_no_history: an absent past means that nothing was received;
                listed among the assumptions.
            allow_extra: unknown facts become warnings.
            only: ids to report and total; everything is evaluated all the same.
            known_on: by the rules that were published by this day, so that a later
                amendment does not rewrite an earlier decision; default: as they are.

        Raises:
            ProfileError: the profile has errors; nothing is assessed.
            UnknownIncentiveError: ``only`` names no incentive.
            TypeError: ``on`` or ``known_on`` is not a plain date, ``only`` is one text.
        """
        if type(on) is not date:
            raise TypeError(f"`on` is a date such as date(2024, 6, 1), not {on!r}")
        if known_on is not None and type(known_on) is not date:
            raise TypeError(f"`known_on` is a date such as date(2024, 6, 1), not {known_on!r}")
        if isinstance(only, str):
            raise TypeError(f"`only` is a list of ids such as [{only!r}], not one text")
        chosen = None if only is None else frozenset(only)
        for name in () if chosen is None else sorted(chosen):
            self[name]
        checked = self.profile(profile, allow_extra=allow_extra)
        return Assessment(
            self, checked, on, Options(drafts, assume_no_history, known_on=known_on), chosen
        )

    def _repr_html_(self) -> str:
        from incentives.authoring.cards import rulebook_card
        from incentives.explain.html import render_html

        return render_html(rulebook_card(self.rules, self.digest), "zh", page=False)

    def write_form(
        self,
        path: str | PathLike[str],
        on: date,
        *,
        only: Iterable[str] | None = None,
        lang: str = "zh",
        profile: Any = None,
    ) -> None:
        """Write a form (.xlsx) that asks for the facts that incentives read on a date.

        Args:
            path: the workbook to write; ``profile()`` reads it back when it is filled in.
            on: the date of assessment.
            only: ids of incentives; all if not given.
            lang: ``zh`` or ``en``.
            profile: what ``profile()`` takes: facts to fill in beforehand.

        Raises:
            MissingExtraError: the extra ``excel`` is not installed.
            ProfileError: the profile has errors.
            UnknownIncentiveError: ``only`` names no incentive.
            OSError: the file cannot be written.
        """
        from incentives.office.form import write_form

        chosen = None if only is None else [self[name].id for name in only]
        known = None if profile is None else self.profile(profile)
        write_form(path, self.rules, on, only=chosen, lang=lang, profile=known)

    def __repr__(self) -> str:
        return f"<Rulebook: {len(self.documents)} documents, {len(self.incentives)} incentives>"


def load(*paths: str | PathLike[str]) -> Rulebook:
    """Load rules: the shipped ones, or the given directories and files, merged.

    Raises:
        RulebookError: with every finding of every file; nothing is loaded.
        OSError: a path cannot be read.
    """
    chosen = [Path(fspath(path)) for path in paths] if paths else [rules_path()]
    return Rulebook(load_rules(chosen))


def read_profile(
    path: str | PathLike[str],
    vocabulary: Vocabulary,
    *,
    allow_extra: bool = False,
    check: Callable[[Any], None] | None = None,
) -> Profile:
    """Read a profile: TOML, JSON or a filled-in form (.xlsx), by its name; or ``example:NAME``.

    ``check`` is given what the file says before its facts are read.

    Raises:
        ProfileError: with every finding, each with its line.
        OSError: the file cannot be read.
    """
    name = fspath(path)
    if name.lower().endswith((".xlsx", ".xlsm")):
        from incentives.office.filled import read_form

        return read_form(name, vocabulary, allow_extra=allow_extra)
    file = example_path(name.removeprefix(EXAMPLE)) if name.startswith(EXAMPLE) else Path(name)
    try:
        source = read_source(file, shown=name if name.startswith(EXAMPLE) else None)
    except RulebookError as error:
        raise ProfileError(error.findings) from None
    data, locate = parse_profile(source)
    if check is not None:
        check(data)
    return Profile(data, vocabulary, allow_extra=allow_extra, path=name, locate=locate)
