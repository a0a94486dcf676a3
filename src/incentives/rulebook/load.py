"""Directories of TOML to ``Rules``: complete, or one error with every finding.

The only place in the library that reads rule files. The same file twice
counts once; the order of files and keys has no meaning.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from incentives.diagnostics import (
    Finding,
    Label,
    RulebookError,
    Severity,
    Source,
    Span,
    by_place,
    fault,
)
from incentives.language.core import Text
from incentives.rulebook.files import (
    AnyFile,
    DocumentModel,
    IncentiveModel,
    RegionsFile,
    RuleFile,
    VocabularyFile,
    read_as_meant,
)
from incentives.rulebook.locate import Locator
from incentives.rulebook.lower_cases import lower_accepted, lower_cases
from incentives.rulebook.lower_incentive import (
    IncentiveLowering,
    Keys,
    lower_rounding,
)
from incentives.rulebook.lower_relations import (
    lower_funds,
    lower_groups,
    lower_splits,
    lower_targets,
)
from incentives.rulebook.lowering import Lowering, Names, Path, text_of
from incentives.rulebook.model import (
    Document,
    Fund,
    Group,
    Incentive,
    Kind,
    LegalStatus,
    Reading,
    Rules,
    Split,
    Target,
    Version,
    Vocabulary,
)
from incentives.rulebook.periods import none_overlap, period_of
from incentives.rulebook.references import asked_per_item, check_references
from incentives.rulebook.toml import read_source
from incentives.rulebook.vocabulary import lower_regions, lower_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path as FilePath

Loaded = list[tuple[AnyFile, Locator]]


def load_rules(paths: Sequence[FilePath]) -> Rules:
    """Read rules directories (or single files) and return the checked rules.

    Raises:
        RulebookError: with every finding of every file.
        OSError: a path cannot be read.
    """
    sources, findings = read_sources(paths)
    with _collector_paused():
        return build_rules(sources, findings)


def read_sources(paths: Sequence[FilePath]) -> tuple[list[Source], list[Finding]]:
    """Read every file of the directories and files, and say which cannot be read.

    Raises:
        OSError: a path cannot be read.
    """
    findings: list[Finding] = []
    sources = []
    for path in _files(paths, findings):
        try:
            sources.append(read_source(path))
        except RulebookError as error:
            findings += error.findings
    return sources, findings


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the collector from walking a growing rulebook that all stays: a tenth of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _files(paths: Sequence[FilePath], findings: list[Finding]) -> list[FilePath]:
    found: list[FilePath] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.toml"))
            if not inside:
                said = f"{path} holds no .toml file", f"{path} 里没有 .toml 文件"
                findings.append(fault("E003", said))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            findings.append(
                fault(
                    "E003",
                    (f"{path} does not exist", f"{path} 不存在"),
                    help=("name a directory of rule files", "请指明规则文件所在的目录"),
                )
            )
    return found


def build_rules(sources: Iterable[Source], findings: list[Finding] | None = None) -> Rules:
    """Check sources and return the rules; the same text twice counts once.

    Raises:
        RulebookError: with every finding.
    """
    findings = [] if findings is None else findings
    lacking = bool(findings)  # a path or a file is not there at all
    by_text = {source.text: source for source in sorted(sources, key=lambda s: s.path)}
    loaded: Loaded = []
    unread = []
    for source in by_text.values():
        model, locator, found = read_as_meant(source)
        findings += found
        if model is None:
            unread.append(source)
        else:
            loaded.append((model, locator))
    nothing = not loaded and bool(findings)
    vocabulary = any(isinstance(model, VocabularyFile) for model, _ in loaded)
    lost = lacking and not vocabulary
    if nothing or lost or any(_may_be_vocabulary(source) for source in unread):
        raise RulebookError(by_place(findings))  # every name would be a false finding
    rules = _Build(loaded, findings, complete=not findings).rules(tuple(by_text.values()))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise RulebookError(by_place(errors))  # readings repeat the faults of their rule
    return rules


def _may_be_vocabulary(source: Source) -> bool:
    named = source.path.replace("\\", "/").rsplit("/", 1)[-1] == "vocabulary.toml"
    return named or "\n[fact." in source.text or "\n[entity." in source.text


class _Build:
    """One load: files to rules, findings on the side.

    ``complete``: every file could be read; otherwise an id that names nothing may
    stand in a file that could not, and is no finding.
    """

    def __init__(self, loaded: Loaded, findings: list[Finding], *, complete: bool) -> None:
        self.findings = findings
        self.complete = complete
        self.vocabularies = [(m, loc) for m, loc in loaded if isinstance(m, VocabularyFile)]
        self.rule_files = [(m, loc) for m, loc in loaded if isinstance(m, RuleFile)]
        regions = [(m, loc) for m, loc in loaded if isinstance(m, RegionsFile)]
        entities, facts = lower_vocabulary(self.vocabularies, findings)
        self.vocabulary = Vocabulary(entities, facts, lower_regions(regions, findings))
        self.documents: dict[str, Document] = {}
        self.incentives: dict[str, Incentive] = {}
        self.groups: list[Group] = []
        self.splits: list[Split] = []
        self.funds: list[Fund] = []
        self.targets: list[Target] = []
        self.refs: dict[str, set[tuple[str, Span | None]]] = {}

    def rules(self, sources: tuple[Source, ...]) -> Rules:
        """Return the rules in an order that fits ``award`` and ``granted``."""
        shared = self._shared_names()
        for model, locator in sorted(self.rule_files, key=lambda pair: pair[0].document.id):
            self._file(model, locator, shared)
        if self.complete:
            self._references()
        order = self._order()
        self._per_item()
        return Rules(
            vocabulary=self.vocabulary,
            documents=self.documents,
            incentives={name: self.incentives[name] for name in order},
            groups=tuple(sorted(self.groups, key=lambda group: group.id)),
            splits=tuple(sorted(self.splits, key=lambda split: split.id)),
            funds=tuple(sorted(self.funds, key=lambda fund: fund.id)),
            targets=tuple(sorted(self.targets, key=lambda target: target.id)),
            sources=sources,
        )

    def lowering(self, locator: Locator) -> Lowering:
        """Return the lowering of one file."""
        return Lowering(locator, self.findings, self.vocabulary.entities, self.vocabulary.facts)

    def _shared_names(self) -> Names:
        """Return what every file may use; a name of one vocabulary file is seen from all."""
        names: Names = {}
        files = [(model, self.lowering(locator)) for model, locator in self.vocabularies]
        for model, low in files:
            for name, parameter in low.parameters(model.parameters, ("parameters",), "").items():
                if name in names:
                    low.twice(name, ("parameters", name))
                names[name] = parameter
        declared = [(low, low.declare(model.definition, names)) for model, low in files]
        for low, definitions in declared:
            low.expand_each(definitions, names)
        return names

    # ── a rule file ──────────────────────────────────────────────────────────

    def _file(self, model: RuleFile, locator: Locator, shared: Names) -> None:
        low = self.lowering(locator)
        document = lower_document(low, model.document)
        old = self.documents.setdefault(document.id, document)
        if old is not document:
            self.findings.append(
                fault(
                    "E234",
                    (
                        f"the document `{document.id}` stands twice",
                        f"文件“{document.id}”写了两次",
                    ),
                    *(Label(span) for span in (document.span, old.span) if span is not None),
                    help=("keep one", "只留一处"),
                )
            )
            return
        names = {**shared, **low.parameters(model.parameters, ("parameters",), "")}
        low.expand_each(low.declare(model.definition, names), names)
        by_id: dict[str, list[tuple[IncentiveModel, Path]]] = {}
        for at, entry in enumerate(model.incentive):
            by_id.setdefault(entry.id, []).append((entry, ("incentive", at)))
        for entries in by_id.values():
            incentive = self._incentive(low, document, names, entries)
            self.incentives[incentive.id] = incentive
        self.groups += lower_groups(low, model, document, names)
        self.splits += lower_splits(low, model, document, names)
        self.funds += lower_funds(low, model, document, names)
        self.targets += lower_targets(low, model, document, names)

    def _incentive(
        self,
        low: Lowering,
        document: Document,
        names: Names,
        entries: list[tuple[IncentiveModel, Path]],
    ) -> Incentive:
        first, path = entries[0]
        name = f"{document.id}/{first.id}"
        lowered = [
            IncentiveLowering(low, document, names, Keys(entry, at)) for entry, at in entries
        ]
        versions = [item.version() for item in lowered]
        self.refs[name] = set().union(*(item.scope.refs for item in lowered))
        _same_throughout(low, entries)
        none_overlap(low, versions, entries)
        readings: list[Reading] = []
        for entry, at in entries:
            readings += self._readings(low, document, names, entry, at, versions, entries)
        cases = [lower_cases(low, name, entry, at) for entry, at in entries]
        known = {reading.id for reading in readings}
        for case in (c for group in cases for c in group):
            if case.reading is not None and case.reading not in known:
                self.findings.append(
                    fault(
                        "E216",
                        (
                            f"there is no reading `{case.reading}`",
                            f"没有“{case.reading}”这种理解",
                        ),
                        Label(case.span or low.span(path)),
                    )
                )
        return Incentive(
            name,
            document,
            Kind(first.kind),
            tuple(first.recipient),
            tuple(sorted(versions, key=lambda v: (v.period.since is not None, v.period.since))),
            tuple(readings),
            tuple(case for group in cases for case in group),
            frozenset(target for target, _ in self.refs[name]),
            tuple(each for entry, at in entries for each in lower_accepted(low, entry, at)),
        )

    def _readings(
        self,
        low: Lowering,
        document: Document,
        names: Names,
        entry: IncentiveModel,
        path: Path,
        versions: list[Version],
        entries: list[tuple[IncentiveModel, Path]],
    ) -> list[Reading]:
        out = []
        index = next(at for at, (other, _) in enumerate(entries) if other is entry)
        for at, model in enumerate(entry.reading):
            here: Path = (*path, "reading", at)
            says = text_of(model.says) or Text(model.id)
            made = list(versions)
            if not model.default:
                item = IncentiveLowering(low, document, names, Keys(entry, path, model, here))
                made[index] = item.version()
                self.refs[f"{document.id}/{entry.id}"] |= item.scope.refs
            ordered = tuple(
                sorted(made, key=lambda v: (v.period.since is not None, v.period.since))
            )
            out.append(
                Reading(
                    model.id,
                    says,
                    model.default,
                    ordered,
                    model.question,
                    model.confidence,
                    versions[index].span,
                )
            )
        return out

    # ── across files ─────────────────────────────────────────────────────────

    def _references(self) -> None:
        check_references(self.incentives, self.groups, self.splits, self.refs, self.findings)

    def _per_item(self) -> None:
        """Note which conditions ask about the same item of another incentive."""
        each = {name: incentive.each for name, incentive in self.incentives.items()}
        for name, incentive in self.incentives.items():
            siblings = {other for other in incentive.depends_on if each.get(other) == each[name]}
            if each[name] is not None and siblings:
                self.incentives[name] = asked_per_item(incentive, frozenset(siblings))

    def _order(self) -> list[str]:
        """Return the ids so that each comes after those it refers to or is replaced by."""
        graph: dict[str, set[str]] = {name: set() for name in sorted(self.incentives)}
        for name, incentive in self.incentives.items():
            graph[name] |= {target for target in incentive.depends_on if target in graph}
            for version in incentive.versions:
                for override in version.overrides:
                    if override.incentive in graph:
                        graph[override.incentive].add(name)
        sorter = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
        try:
            return list(sorter.static_order())
        except CycleError as error:
            cycle = list(reversed(error.args[1]))
            labels = (
                Label(version.span)
                for name in dict.fromkeys(cycle)
                for version in self.incentives[name].versions[:1]
                if version.span is not None
            )
            circle = " → ".join(cycle)
            self.findings.append(
                fault(
                    "E270",
                    (f"incentives refer to one another: {circle}", f"事项互相引用：{circle}"),
                    *labels,
                    help=(
                        "award, granted and overrides must not form a circle",
                        "“award”“granted”和“overrides”不能绕成圈",
                    ),
                )
            )
            return sorted(self.incentives)


def lower_document(low: Lowering, model: DocumentModel) -> Document:
    """Return the document of a file."""
    status = LegalStatus(model.legal_status)
    if status is LegalStatus.REPEALED and model.effective.until is None:
        low.report(
            "E101",
            ("a repealed document has an end", "已废止的文件应写明失效日期"),
            ("document",),
            help=("add effective = { until = … }", "补上 effective = { until = … }"),
        )
    rounding = None
    if model.rounding is not None:
        rounding = lower_rounding(low, model.rounding, ("document", "rounding"))
    source = (
        {}
        if model.source is None
        else {"name": model.source.name, "sha256": model.source.sha256 or ""}
    )
    if not (model.jurisdiction.isdigit() and len(model.jurisdiction) == 6):
        low.report(
            "E221",
            (
                f'"{model.jurisdiction}" is not a region code',
                f"“{model.jurisdiction}”不是行政区划代码",
            ),
            ("document", "jurisdiction"),
        )
    return Document(
        model.id,
        text_of(model.title) or Text(model.id),
        text_of(model.issuer) or Text(""),
        model.jurisdiction,
        status,
        period_of(model.effective),
        model.published,
        rounding,
        source,
        low.span(("document",)),
    )


def _same_throughout(low: Lowering, entries: list[tuple[IncentiveModel, Path]]) -> None:
    first = entries[0][0]
    for entry, path in entries[1:]:
        for key in ("kind", "recipient", "entitlement", "each", "dated_by"):
            if getattr(entry, key) != getattr(first, key):
                low.report(
                    "E271",
                    (
                        f"versions of `{first.id}` share their {key}",
                        f"“{first.id}”各版本的“{key}”应当相同",
                    ),
                    (*path, key),
                )
