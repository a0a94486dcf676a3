"""The integration examples do what they say, run as their reader would run them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = REPOSITORY / "examples" / "integration"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        input=given, capture_output=True, encoding="utf-8", cwd=REPOSITORY, check=False,
    )  # fmt: skip


def test_the_endpoint_answers_with_decisions_or_with_findings() -> None:
    pytest.importorskip("fastapi", reason="the endpoint needs fastapi")
    from starlette.testclient import TestClient

    client = TestClient(module("endpoint").app)
    facts: dict[str, Any] = {"applicant": {"kind": "enterprise", "region": "640521"}}
    good = client.post("/assessments/2024-06-01", json=facts)
    assert good.status_code == 200
    assert good.json()["format"] == "incentives/assessment/1"
    facts["applicant"]["region"] = 640521
    bad = client.post("/assessments/2024-06-01", json=facts)
    assert bad.status_code == 422
    assert [(f["code"], f["fact"]) for f in bad.json()["findings"]] == [
        ("E321", "applicant.region")
    ]


def test_the_form_asks_for_the_named_facts_and_escapes_them() -> None:
    schema = run("-m", "incentives", "rules", "schema", "profile").stdout
    page = run(str(EXAMPLES / "form.py"), "kind", "above_scale", "region", given=schema).stdout
    assert page.count("<label>") == 3
    assert '<option value="enterprise">企业</option>' in page
    assert '<option value="true">是</option>' in page
    assert '<input name="region">' in page
    hostile = module("form").render(
        {"properties": {"applicant": {"properties": {"x": {"description": "<script>"}}}}}, []
    )
    assert "<script>" not in hostile
    assert "&lt;script&gt;" in hostile


def test_the_nightly_run_loses_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[applicant]\nkind = "enterprise"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text("[applicant]\nkind = 5\n", encoding="utf-8")
    (tmp_path / "c.toml").write_text("not toml", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    done = run(str(EXAMPLES / "nightly.py"), str(tmp_path), str(out), "2024-06-01")
    assert done.returncode == 1, done.stderr
    results = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(r["profile"], "findings" in r) for r in results] == [
        ("a.toml", False), ("b.toml", True), ("c.toml", True)]  # fmt: skip
    assert not out.with_name("out.jsonl.part").exists()


def test_the_job_tells_a_reproduced_receipt_from_a_changed_one(tmp_path: Path) -> None:
    receipt = tmp_path / "a.json"
    made = run("-m", "incentives", "receipt", "example:centre", "--on", "2024-06-01",
               "-o", str(receipt))  # fmt: skip
    assert made.returncode == 0, made.stderr
    good = run(str(EXAMPLES / "verify_receipts.py"), str(tmp_path))
    assert (good.returncode, good.stdout) == (0, "1 of 1 reproduced\n")
    changed = receipt.read_text(encoding="utf-8").replace("示例技术转移中心", "另一技术转移中心")
    (tmp_path / "b.json").write_text(changed, encoding="utf-8")
    bad = run(str(EXAMPLES / "verify_receipts.py"), str(tmp_path))
    assert bad.returncode == 1
    assert bad.stdout.startswith("b.json: not reproduced")
    assert bad.stdout.endswith("1 of 2 reproduced\n")


def test_the_hooks_of_the_example_exist() -> None:
    hooks = (REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    used = (EXAMPLES / "pre-commit-config.yaml").read_text(encoding="utf-8")
    offered = {line.split("id:")[1].strip() for line in hooks.splitlines() if "id:" in line}
    wanted = {line.split("id:")[1].strip() for line in used.splitlines() if "id:" in line}
    assert wanted <= offered
    assert wanted
