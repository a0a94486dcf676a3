"""Seeded random rulebooks, profiles and completions, and every small expression there is.

For differential runs: the same seed gives the same texts anywhere. Figures come from a short
list on purpose, so that facts meet thresholds, caps and bounds exactly.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

ON = date(2024, 6, 1)
MONEY = (
    "0元",
    "0.01元",
    "50万元",
    "99.99万元",
    "100万元",
    "1000000.01元",
    "1234567.85元",
    "200万元",
    "333.33元",
)
RATIO = ("0%", "5%", "10%", "0.175", "1/3", "7/3", "100%", "0.5‰")
COUNT = (0, 1, 2, 3, 7, 10, 40)
DATES = (
    date(2020, 2, 29),
    date(2021, 12, 31),
    date(2023, 1, 31),
    date(2024, 1, 1),
    ON,
    date(2025, 3, 31),
)
DURATION = ("12 months", "3 years", "1 month", "90 days")
REGION = ("100000", "640000", "640200", "640221", "640100", "650000")
INDUSTRY = ("C39", "C391", "C", "I65")
MODES = ("down", "up", "half_up", "half_even")
KINDS = ("firm", "centre", "other")
FACTS: dict[str, dict[str, str]] = {
    "applicant": {
        "kind": "choice", "name": "text", "region": "region", "industry": "industry",
        "small": "bool",
        "honest": "bool", "staff": "count", "share": "ratio", "spend": "money", "balance": "signed",
        "revenue": "series", "founded_on": "date",
    },
    "contract": {
        "no": "text", "paid": "money", "cost": "money", "ok": "bool", "sort": "choice",
        "score": "count",
        "signed_on": "date", "result_no": "text",
    },
}  # fmt: skip
CHOICES = {"kind": KINDS, "sort": ("new", "renewed", "none")}
POOLS: dict[str, tuple[Any, ...]] = {
    "money": MONEY, "signed": (*MONEY, "-50万元"), "series": MONEY, "ratio": RATIO, "count": COUNT,
    "date": DATES, "bool": (True, False), "region": REGION[1:], "industry": INDUSTRY,
    "text": ("a", "b", "c"), "duration": DURATION,
}  # fmt: skip


def toml(value: Any) -> str:
    """Write one TOML value; expressions are literal strings, as in rule files."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return f"'{value}'" if isinstance(value, str) else str(value)


def table(header: str, values: Mapping[str, Any]) -> str:
    return "\n".join([header, *(f"{key} = {toml(one)}" for key, one in values.items()), ""])


def both_languages(text: str) -> dict[str, str]:
    return {"zh": f"{text}项", "en": text}


class Writer:
    """Writes random expressions of a wanted type; what it declares on the way is kept."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.parameters: dict[str, Any] = {}
        self.item = False  # whether a contract is in sight
        self.last = date.max  # the last day of the document
        self.definitions: dict[str, list[tuple[str, bool]]] = {}
        self.earlier: list[tuple[str, bool]] = []  # incentives that may be asked about
        self.used = 0
        self.conflicts = True  # whether tables may have no row or two for a profile

    def fresh(self) -> str:
        self.used += 1
        return f"p{self.used}"

    def parameter(self, kind: str, pool: tuple[Any, ...] | None = None, dated: float = 0.1) -> str:
        name, pool = self.fresh(), pool or POOLS[kind]
        value = self.rng.choice(pool)
        if self.rng.random() < dated:
            cut = self.rng.choice(DATES)
            day = timedelta(days=1)
            value = [
                {"until": cut, "value": value},
                {"from": cut + day, "value": self.rng.choice(pool)},
            ]
        self.parameters[name] = value
        return name

    def atom(self, kind: str) -> str:
        applicant = [f"applicant.{name}" for name, type_ in FACTS["applicant"].items()
                     if type_ == kind or (type_ == "signed" and kind == "money")]  # fmt: skip
        found = list(applicant)
        if self.item:
            found += [
                f"contract.{name}" for name, type_ in FACTS["contract"].items() if type_ == kind
            ] * 2
        found += [name for name, item in self.definitions.get(kind, []) if self.item or not item]
        if kind == "money":
            found += ["applicant.revenue[year - 1]", "applicant.revenue[year - 2]"]
        found += {"date": ["on"], "count": ["1"]}.get(kind, [])
        if kind in POOLS and (not found or self.rng.random() < 0.4):
            return self.parameter(kind)
        return self.rng.choice(found)

    def write(self, kind: str, depth: int) -> str:
        """Return an expression of a type, at most so deep."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self.boolean(0) if kind == "bool" else self.atom(kind)
        if kind == "bool":
            return self.boolean(depth)
        sub = {
            k: (lambda k=k: self.write(k, depth - 1))
            for k in ("money", "ratio", "count", "date", "bool")
        }
        forms = [lambda: f"({sub[kind]()} if {sub['bool']()} else {sub[kind]()})"]
        if kind in ("money", "ratio", "count"):
            forms += [
                lambda: f"({sub[kind]()} + {sub[kind]()})",
                lambda: f"({sub[kind]()} - {sub[kind]()})",
                lambda: f"{self.rng.choice(('min', 'max'))}({sub[kind]()}, {sub[kind]()})",
                lambda: f"abs({sub[kind]()})",
                lambda: f"(-{sub[kind]()})",
            ]
        forms += {
            "money": self.moneys,
            "ratio": self.ratios,
            "count": self.counts,
            "date": self.days,
        }[kind](sub)
        return self.rng.choice(forms)()

    def moneys(self, sub: Any) -> list[Any]:
        forms = [
            lambda: f"({sub['money']()} * {sub['ratio']()})",
            lambda: f"({sub['count']()} * {sub['money']()})",
            lambda: f"({sub['money']()} / {sub['count']()})",
            lambda: f"sum({self.each('money')})",
            lambda: f"sum(applicant.revenue[year - {self.parameter('count', (2, 3), 0)} : year])",
            lambda: (
                "sum(applicant.revenue[max(year - "
                f"{self.parameter('count', (3,), 0)}, year_of(applicant.founded_on)) : year])"
            ),
            lambda: (
                f"round_to({sub['money']()}, {self.parameter('money', ('1元', '100元'), 0)}, "
                f'"{self.rng.choice(MODES)}")'
            ),
        ]
        if self.earlier:
            forms.append(lambda: f'award("{self.rng.choice(self.earlier)[0]}")')
            forms.append(lambda: f'received("{self.rng.choice(self.earlier)[0]}", '
                         f'"{self.rng.choice(("year", "lifetime"))}")')  # fmt: skip
        return forms

    def ratios(self, sub: Any) -> list[Any]:
        return [
            lambda: f"({sub['money']()} / {sub['money']()})",
            lambda: f"({sub['ratio']()} * {sub['ratio']()})",
            lambda: f"({sub['ratio']()} ** {self.parameter('count', (0, 1, 2, 3), 0)})",
        ]

    def counts(self, sub: Any) -> list[Any]:
        between = ("days_between", "months_between", "years_between")
        return [
            lambda: f"year_of({sub['date']()})",
            lambda: f"{self.rng.choice(between)}({sub['date']()}, {sub['date']()})",
            lambda: f"count({self.each('bool')})",
            lambda: f"sum({self.each('count')})",
        ]

    def days(self, sub: Any) -> list[Any]:
        return [
            lambda: f"{self.rng.choice(('start_of', 'end_of'))}(year - 1)",
            lambda: f"add({sub['date']()}, {self.parameter('duration', None, 0)})",
        ]

    def each(self, kind: str) -> str:
        names = [name for name, type_ in FACTS["contract"].items() if type_ == kind]
        test = self.rng.choice(
            ("", " if c.ok", f" if c.paid > {self.parameter('money')}", ' if c.sort == "new"')
        )
        return f"c.{self.rng.choice(names)} for c in contract{test}"

    def boolean(self, depth: int) -> str:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.2:
            return self.atom_of_truth()
        kind = rng.choice(("money", "ratio", "count", "date"))

        def inner() -> str:
            return self.boolean(depth - 1)

        def side() -> str:
            return self.write(kind, depth - 1)

        forms = [
            lambda: f"{side()} {rng.choice(('<', '<=', '>', '>=', '==', '!='))} {side()}",
            lambda: f"{self.parameter(kind)} <= {side()} < {self.parameter(kind)}",
            lambda: f"({inner()} and {inner()})",
            lambda: f"({inner()} or {inner()})",
            lambda: f"(not {inner()})",
            lambda: f"({inner()} if {inner()} else {inner()})",
            lambda: f"{rng.choice(('any', 'all'))}({self.each('bool')})",
        ]
        return "(" + rng.choice(forms)() + ")"

    def atom_of_truth(self) -> str:
        par, rng = self.parameter, self.rng
        found: list[Any] = [
            lambda: "applicant.small",
            lambda: "applicant.honest",
            lambda: 'applicant.kind == "firm"',
            lambda: 'applicant.kind in {"firm", "centre"}',
            lambda: 'applicant.kind != "other"',
            lambda: f"within(applicant.region, {par('region', None, 0)})",
            lambda: f"within(applicant.industry, {par('industry', None, 0)})",
            lambda: f"applicant.region {rng.choice(('in', 'not in'))} {self.listed(REGION[2:4])}",
            lambda: f"applicant.staff >= {par('count')}",
            lambda: f"applicant.spend > {par('money')}",
        ]
        if self.item:
            found += 2 * [
                lambda: "contract.ok",
                lambda: 'contract.sort in {"new", "renewed"}',
                lambda: f"contract.score < {par('count')}",
                lambda: f"contract.paid >= {par('money')}",
            ]
        found += [lambda key=key: f'granted("{key}")' for key, item in self.earlier[-1:]]
        names = [name for name, item in self.definitions.get("bool", []) if self.item or not item]
        found += [lambda name=name: name for name in names]
        return str(rng.choice(found)())

    def listed(self, values: tuple[str, ...]) -> str:
        name = self.fresh()
        self.parameters[name] = list(values)
        return name


def vocabulary(rng: random.Random) -> str:
    """Return a vocabulary; the order of the facts, which cells follow, changes with the seed."""
    parts = ["format = 1\n", table("[entity.applicant]", {"label": both_languages("applicant")})]
    contract = {"label": both_languages("contract"), "many": True, "key": "no"}
    parts.append(table("[entity.contract]", contract))
    for entity in rng.sample(list(FACTS), 2):
        for name in rng.sample(list(FACTS[entity]), len(FACTS[entity])):
            kind = FACTS[entity][name]
            fact: dict[str, Any] = {"type": {"series": "money", "signed": "money"}.get(kind, kind)}
            fact["label"] = both_languages(f"{entity}-{name}")
            fact |= {"signed": True} if kind == "signed" else {}
            fact |= {"per": "year"} if kind == "series" else {}
            fact |= {"min": 0, "max": 40} if name == "score" else {}
            fact |= {f"choices.{one}": both_languages(one) for one in CHOICES.get(name, ())}
            parts.append(table(f"[fact.{entity}.{name}]", fact))
    return "\n".join(parts)


def conditions(writer: Writer, item: bool, head: str, ids: Iterator[int]) -> list[str]:
    """Return up to three conditions of every form."""
    parts, rng = [], writer.rng
    for _ in range(rng.randrange(4)):
        writer.item = item and rng.random() < 0.6
        inner = [
            {"when": writer.boolean(1)},
            {"unless": writer.boolean(1)},
            {"when": writer.boolean(0)},
        ]
        form = rng.choice((
            {"when": writer.boolean(2)}, {"unless": writer.boolean(2)}, {"all": inner[:2]},
            {"any": inner}, {"any": inner, "at_least": 2}, {"when": writer.boolean(1)},
        ))  # fmt: skip
        name = f"c{next(ids)}"
        labelled = {"id": name, "says": both_languages(name), **named(form, name)}
        parts.append(table(f"[[{head}]]", labelled))
    return parts


def named(form: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a condition whose parts have ids and texts of their own."""
    for key in ("all", "any"):
        if key in form:
            texts = [
                {"id": f"{name}-{i}", "says": both_languages("part")} for i in range(len(form[key]))
            ]
            form = {
                **form,
                key: [{**text, **one} for text, one in zip(texts, form[key], strict=True)],
            }
    return form


def amount(writer: Writer) -> str:
    """Return one amount: every source, and any steps after it."""
    rng, par = writer.rng, writer.parameter
    kind = rng.choice(("fixed", "base", "base", "bands", "table", "formula"))
    fields: dict[str, Any] = {}
    if kind == "base":
        written = rng.choice((par("ratio"), rng.choice(RATIO), writer.write("ratio", 1)))
        fields = {"base": writer.write("money", 1), "rate": written}
    elif kind == "bands":
        edge = rng.choice(("up_to", "below"))
        steps = [
            {edge: "50万元", "rate": "10%"},
            {edge: par("money", ("100万元", "150万元")), "rate": "5%"},
        ]
        fields = {"bands": {"of": writer.write("money", 1),
                            "mode": rng.choice(("marginal", "whole")),
                            "steps": [*steps, {"rate": "2.5%"}]}}  # fmt: skip
    elif kind == "table":
        rows: list[dict[str, Any]] = []
        for i in range(rng.randrange(1, 4)):
            when = rng.choice((writer.boolean(1), f'applicant.kind == "{KINDS[i]}"'))
            rows.append({"when": when, "amount": writer.write("money", 1)})
            if rng.random() < 0.2:
                rows[-1] |= {"entitlement": "up_to", "at_least": "1元"}
        if not writer.conflicts or rng.random() < 0.8:
            rows.append({"otherwise": True, "amount": "0元"})
        rows = [{**row, "says": both_languages("row")} for row in rows]
        fields = {
            "table": rows,
            "hit": rng.choice(("unique", "first")) if writer.conflicts else "first",
        }
    else:
        fields = {kind: rng.choice((rng.choice(MONEY), writer.write("money", 2)))}
    steps_after = {
        "floor": ("0.01元", "50万元"),
        "cap": MONEY[2:],
        "less": MONEY[:3],
        "minimum": MONEY[1:4],
    }
    for name, pool in steps_after.items():
        if rng.random() < (0.6 if name == "cap" else 0.25):
            fields[name] = rng.choice((rng.choice(pool), par("money", pool)))
    if "less" in fields and writer.earlier and rng.random() < 0.5:
        fields["less"] = f'received("{writer.earlier[-1][0]}", "year")'
    return table("[incentive.amount]", fields)


def incentive(rng: random.Random, document: str, name: str, shared: Writer) -> str:
    """Return one incentive, sometimes in two versions, with every option some of the time."""
    key, item = f"{document}/{name}", rng.random() < 0.5
    kind = rng.choices(
        ("exact", "up_to", "case_by_case", "none", "by_reference", "exploratory"),
        (12, 4, 2, 1, 1, 1),
    )[0]
    head: dict[str, Any] = {
        "id": name, "name": both_languages(name), "kind": "award", "clause": "1", "quote": "原文",
        "recipient": rng.sample(KINDS, rng.choice((2, 3, 3, 3))), "entitlement": kind,
    }  # fmt: skip
    head |= {"where": "anywhere"} if rng.random() < 0.6 else {}
    head |= {"each": "contract"} if item else {}
    head |= {"refers_to": "另一文件"} if kind == "by_reference" else {}
    head |= {"at_least": "1元"} if kind == "up_to" and rng.random() < 0.5 else {}
    if rng.random() < 0.25:
        head["once"] = rng.choice(("lifetime", "year", "item") if item else ("lifetime", "year"))
    if item and rng.random() < 0.3:
        head |= {"distinct": "contract.result_no", "keep": rng.choice(("first", "largest"))}
    if rng.random() < 0.25:
        head["dated_by"] = "contract.signed_on" if item else "applicant.founded_on"
    if shared.earlier and rng.random() < 0.2:
        target = rng.choice(shared.earlier)[0]
        head["overrides"] = [rng.choice((target, {"incentive": target, "when": "applicant.small"}))]
    cut, versions = rng.choice(DATES), rng.random() < 0.25
    cut = min(cut, shared.last - timedelta(days=1))
    periods = [{"until": cut}, {"from": cut + timedelta(days=1)}] if versions else [None]
    if not versions and rng.random() < 0.2:
        periods = [{"from": date(2023, 1, 31), "until": min(date(2024, 12, 31), shared.last)}]
    texts = []
    for period in periods:
        writer = Writer(rng)
        writer.definitions, writer.earlier = shared.definitions, shared.earlier
        writer.conflicts = shared.conflicts
        if "overrides" in head:  # what it replaces may ask about it, never the reverse
            writer.earlier = []
        ids = itertools.count()
        parts = conditions(writer, item, "incentive.condition", ids)
        writer.item = item
        if kind in ("exact", "up_to"):
            parts.append(amount(writer))
        elif kind == "case_by_case" and rng.random() < 0.5:
            parts.append(table("[incentive.amount]", {"fixed": rng.choice(MONEY[2:])}))
        for _ in range(rng.randrange(3) if item and kind in ("exact", "up_to") else 0):
            total: dict[str, Any] = {
                "cap": rng.choice((rng.choice(MONEY[2:]), writer.parameter("money", MONEY[2:])))
            }
            total |= rng.choice(
                ({}, {"per": "year"}, {"per": "lifetime"}, {"by": "contract.result_no"})
            )
            parts.append(table("[[incentive.total]]", total))
        parameters = table("[incentive.parameters]", writer.parameters) if writer.parameters else ""
        effective = {"effective": period} if period else {}
        texts += [table("[[incentive]]", {**head, **effective}), parameters, *parts]
    shared.earlier.append((key, item))
    return "\n".join(texts)


def rulebook(seed: int, *, conflicts: bool = True) -> dict[str, str]:
    """Return the files of a random rules directory: name to TOML text.

    Without `conflicts` no table can be without a row or with two: LANGUAGE.md 5 gives unknown
    rows the hull of their amounts, which does not hold the finding one completion may be.
    """
    rng = random.Random(f"rules {seed}")
    shared = Writer(rng)
    shared.conflicts = conflicts
    files = {"vocabulary.toml": vocabulary(rng)}
    keys: list[str] = []
    for document in ("alpha", "beta"):
        shared.definitions = {}
        status = (
            "in_force"
            if document == "alpha"
            else rng.choice(("in_force", "in_force", "in_force", "draft", "repealed", "historical"))
        )
        shared.last = last = ON if status == "repealed" else date(2099, 12, 31)
        quantum = rng.choice(("0.01元", "0.01元", "1元", "100元"))
        head = {
            "id": document, "title": both_languages(document), "issuer": both_languages("issuer"),
            "jurisdiction": rng.choice(REGION[:3]), "legal_status": status,
            "effective": {"from": date(2000, 1, 1), "until": last},
            "rounding": {"to": quantum, "mode": rng.choice(MODES), "basis": "assumed"},
            "source": {"name": "none.txt", "sha256": "0" * 64},
        }  # fmt: skip
        parts = ["format = 1\n", table("[document]", head)]
        for i, kind in enumerate(rng.sample(("money", "ratio", "count", "bool"), 3)):
            writer, name = Writer(rng), f"{document}_d{i}"
            writer.item = rng.random() < 0.3
            fields: dict[str, Any] = {"id": name, "name": both_languages(name)}
            if kind == "count":
                steps = [{"below": "10%", "gives": 0}, {"below": "100%", "gives": 4}, {"gives": 8}]
                fields["lookup"] = {"of": writer.write("ratio", 1), "steps": steps}
            else:
                fields["value"] = writer.write(kind, 2)
            parts.append(table("[[definition]]", fields))
            parts += (
                [table("[definition.parameters]", writer.parameters)] if writer.parameters else []
            )
            shared.definitions.setdefault(kind, []).append((name, writer.item))
        names = [f"i{n}" for n in range(rng.randrange(2, 5))]
        parts += [incentive(rng, document, name, shared) for name in names]
        keys += [f"{document}/{name}" for name in names]
        if rng.random() < 0.6:
            free = rng.sample(keys, 2)
            keys = [one for one in keys if one not in free]
            group: dict[str, Any] = {"id": f"{document}-g", "members": free, "clause": "1",
                                     "rule": rng.choice(("cap", "highest", "top_up"))}  # fmt: skip
            group |= {"limit": rng.choice(MONEY[2:])} if group["rule"] == "cap" else {}
            group |= rng.choice(({}, {"per": "year"}, {"per": "lifetime"}))
            parts.append(table("[[group]]", group))
        files[f"{document}.toml"] = "\n".join(parts)
    return files


def expressions(depth: int) -> Iterator[str]:
    """Enumerate every small truth over few facts: comparisons, then connectives to a depth."""
    atoms = [
        "applicant.small",
        "applicant.honest",
        'applicant.kind == "firm"',
        'applicant.kind in {"firm", "other"}',
    ]
    numbers = ["applicant.spend", "limit", "applicant.spend - limit", "applicant.balance",
               "abs(applicant.balance)", "min(applicant.spend, limit)", "applicant.share * limit",
               "limit / applicant.staff"]  # fmt: skip
    atoms += [
        f"{a} {op} {b}" for a, b in itertools.permutations(numbers, 2) for op in ("<", "<=", "==")
    ]
    yield from atoms
    if depth > 0:
        few = atoms[:4] + atoms[4 :: max(1, len(atoms) // 12)]
        yield from (f"not ({one})" for one in few)
        for op in ("and", "or"):
            yield from (f"({a}) {op} ({b})" for a, b in itertools.product(few, repeat=2))
    if depth > 1:
        few = few[:6]
        yield from (f"({a}) if ({b}) else ({c})" for a, b, c in itertools.product(few, repeat=3))
