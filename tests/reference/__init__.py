"""A second, slow and plain evaluator of the rule language, to compare the engine with."""

from __future__ import annotations
