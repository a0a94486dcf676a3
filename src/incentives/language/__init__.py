"""The rule language: syntax, checker, core, and what the core means."""
