"""Laws of the canonical style and of mending: white space and slips change, meaning never."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.authoring.rulebooks import RULES, VOCABULARY

from incentives.authoring.layout import layout
from incentives.authoring.mending import mend
from incentives.authoring.tokens import Kind, Token, tokens
from incentives.diagnostics import RulebookError, Source
from incentives.rulebook.digest import meaning_digest, text_digest
from incentives.rulebook.load import build_rules

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = sorted([*REPOSITORY.glob("rules/*.toml"), *REPOSITORY.glob("examples/*.toml")])
TEXTS = {path.name: path.read_text("utf-8") for path in SHIPPED}


def words(text: str) -> list[str]:
    """Return every token that is no white space; of comments what they say."""
    return [
        re.sub(r"^#+ *", "#", token.text).rstrip()
        for token in tokens(text)
        if token.kind not in {Kind.BLANK, Kind.NEWLINE}
    ]


def laws(text: str) -> None:
    done = layout(text)
    assert layout(done) == done
    assert "".join(words(done)) == "".join(words(text))
    assert tomli.loads(done) == tomli.loads(text)
    assert done == "" or done.endswith("\n")
    assert not done.startswith("\n")
    assert "\n\n\n" not in re.sub(r'"""(?:.|\n)*?"""|' + r"'''(?:.|\n)*?'''", "", done)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_shipped_file_keeps_its_words(name: str) -> None:
    laws(TEXTS[name])


def test_the_shipped_rules_laid_out_mean_the_same() -> None:
    named = {
        f"rules/{path.name}": TEXTS[path.name] for path in SHIPPED if path.parent.name == "rules"
    }
    before = build_rules(Source(name, text) for name, text in named.items())
    after = build_rules(Source(name, layout(text)) for name, text in named.items())
    assert text_digest(before) == text_digest(after)  # meaning and words


def test_tokens_joined_are_the_text() -> None:
    for text in [*TEXTS.values(), "a = 'no end\n\x00 = ]", ""]:
        assert "".join(token.text for token in tokens(text)) == text
        assert all(text[token.start : token.end] == token.text for token in tokens(text))


def mangled(pieces: list[Token], data: st.DataObject) -> str:
    """Return a text with other white space where TOML allows it, and with more comments."""
    out: list[str] = []
    more = st.sampled_from(["  \n", "\n\n", "\n  # 插一句\n", "\n\t\n\n", " # 行尾\n"])
    for token in pieces:
        text = token.text
        if token.kind is Kind.BLANK:
            text = data.draw(st.sampled_from([text, text + " ", "\t" + text]))
        elif token.kind is Kind.NEWLINE and data.draw(st.integers(0, 9)) == 0:
            after_comment = bool(out) and out[-1].startswith("#")
            text = "\n\n" if after_comment else data.draw(more)
        out.append(text)
    return "".join(out)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_however_a_file_is_written_its_layout_says_the_same(data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(["ningxia-vouchers-2021.toml", "national-high-tech-2016.toml"])
    )
    lines = TEXTS[name].splitlines(keepends=True)
    start = data.draw(st.integers(0, 40))
    headers = [at for at, line in enumerate(lines) if line.startswith("[[incentive]]")]
    assume(headers)
    part = "".join(lines[headers[start % len(headers)] :][:60])
    try:
        tomli.loads(part)
    except tomli.TOMLDecodeError:
        assume(False)
    text = mangled(list(tokens(part)), data)
    assert tomli.loads(text) == tomli.loads(part)
    laws(text)


VALUES = st.recursive(
    st.sampled_from(["1", '"甲 # 乙"', "'a, b'", "2024-01-01", "true", '"""多\n行"""', "'''\n  x '''"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[" + " , ".join(parts) + "]")
        | st.lists(inner, max_size=3).map(lambda parts: "[\n" + "".join(f"{p},\n # 注\n" for p in parts) + "]")
        | st.lists(inner, max_size=3).map(
            lambda parts: "{" + ",".join(f"k{at}={part}" for at, part in enumerate(parts)) + " }"
        )
    ),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(["a", "long_key", '"引 号"', "x.y", "x . zz", "facts.b", "1-2"])
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]}  ={pair[1]}"),
    st.tuples(KEYS, VALUES).map(lambda pair: f"\t{pair[0]}= {pair[1]}#注"),
    st.sampled_from(["", "  ", "#说明", "#:schema x", "# ---", "#---", "[ t.u ]", "[[ v ]] # 表"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, max_size=8).map("\n".join))
def test_any_toml_keeps_its_words(text: str) -> None:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        assume(False)
    laws(text)


# ── mending ──────────────────────────────────────────────────────────────────

SLIPS = st.sampled_from(
    [
        ("cap = 'cap'", "cap ＝ 'cap'"), ("\nclause", "\nclaus"), ("[incentive.amount]", "[incentive.amont]"),
        ("staff >= staff_min", "staff ＞= staff_min"), (' = "award"', " = “award”"), ("cap = 'cap'\n", ""),
        ('kind = "subsidy"', 'kind = "subsidy"\u200b'), ("on = 2024-06-01", 'on = "2024-06-01"'),
        ("rate = 'rate'", "rates = 'rate'"), ('cap = "20万元"', 'cap = "20万元"\nspare = 1 # 留着'),
        ("says", "syas"), ("quote", "qoute"), ("\n", "\n# 说明\n"), ("id = ", "id=  "),
    ]
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(SLIPS, min_size=1, max_size=3))
def test_mending_never_changes_what_the_rules_mean(slips: list[tuple[str, str]]) -> None:
    text = RULES
    for old, new in slips:
        text = text.replace(old, new, 1)
    before = [Source("doc.toml", text), Source("vocabulary.toml", VOCABULARY)]
    done = mend(before)
    after = [Source(s.path, done.changed.get(s.path, ("", s.text))[1]) for s in before]
    try:
        meaning = meaning_digest(build_rules(before))
    except RulebookError:
        pass
    else:
        assert meaning_digest(build_rules(after)) == meaning
    assert mend(after).changed == {}  # nothing is left that could be mended
    comments = [t.text for t in tokens(text) if t.kind is Kind.COMMENT]
    assert [t.text for t in tokens(after[0].text) if t.kind is Kind.COMMENT] == comments
    assert bool(done.findings) == bool(done.changed)
