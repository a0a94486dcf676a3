"""An HTTP endpoint: POST a profile as JSON, get the assessment as JSON. Needs fastapi.

Run it with ``uvicorn endpoint:app``. The rulebook is loaded once and shared.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

import incentives

app = FastAPI(title="incentives")
rulebook = incentives.load()


@app.post("/assessments/{on}")
def assess(on: date, profile: dict[str, Any]) -> dict[str, Any]:
    """Assess the profile under the law of a day."""
    return rulebook.assess(profile, on=on).to_dict()


@app.exception_handler(incentives.ProfileError)
def refuse(_: Any, error: incentives.ProfileError) -> JSONResponse:
    """Say everything that is wrong with a profile, in both languages."""
    found = [{"code": f.code, "fact": f.fact, "zh": f.zh, "en": f.message} for f in error.findings]
    return JSONResponse({"findings": found}, status_code=422)
