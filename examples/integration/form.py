"""An HTML form from the JSON Schema of profiles, as a web framework would render it.

``incentives rules schema profile | python form.py FACT… > form.html`` asks for the
named facts of the applicant (all without names). jinja2 escapes everything; what is
left empty is unknown, never zero.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from jinja2 import Environment

FORM = """\
<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>申报资料</title>
<form method="post">
{% for field in fields -%}
<p><label>{{ field.label }}<br>
{% if field.choices -%}
<select name="{{ field.name }}"><option value="">不知道</option>
{%- for word, label in field.choices %}<option value="{{ word }}">{{ label }}</option>{% endfor -%}
</select>
{%- else -%}
<input name="{{ field.name }}">
{%- endif %}</label></p>
{% endfor -%}
<button>评估</button>
</form></html>
"""


def field(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Return what the form needs to ask for one fact."""
    label, *lines = spec["description"].splitlines()
    values = spec.get("anyOf", [])
    choices: list[tuple[str, str]] = []
    if any("enum" in value for value in values):
        words = (line.partition(": ") for line in lines if ": " in line)
        choices = [(word, both.partition(" / ")[0]) for word, _, both in words]
    elif any(value.get("type") == "boolean" for value in values):
        choices = [("true", "是"), ("false", "否")]
    return {"name": name, "label": label, "choices": choices}


def render(schema: dict[str, Any], names: list[str]) -> str:
    """Return the page that asks for the named facts of the applicant."""
    facts = schema["properties"]["applicant"]["properties"]
    fields = [field(name, facts[name]) for name in names or facts]
    return Environment(autoescape=True).from_string(FORM).render(fields=fields)


if __name__ == "__main__":
    sys.stdout.write(render(json.load(sys.stdin), sys.argv[1:]))
