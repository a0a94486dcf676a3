"""Rules as columns: core expressions, decisions and groups over a staged input."""
