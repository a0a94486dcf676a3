"""Receipts of every release, kept for good."""
