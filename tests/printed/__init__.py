"""Whole printed explanations, compared in full, and every sum done again."""

from __future__ import annotations
