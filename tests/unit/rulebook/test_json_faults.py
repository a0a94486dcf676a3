"""A profile in JSON that is not well formed is said to be so in the reader's language."""

from __future__ import annotations

import pytest

from incentives.diagnostics import ProfileError, Source
from incentives.rulebook.profile import parse_profile


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ('{"applicant": {"kind": "x", "kind": "y"}}', "键“kind”出现了两次"),
        ('{"applicant": }', "第1行第15列：此处应有一个值"),
        ("[" * 100_000, "嵌套层数太多"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(text: str, zh: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(Source("a.json", text))
    (finding,) = caught.value.findings
    assert zh in str(finding.zh)
