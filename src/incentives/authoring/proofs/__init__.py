"""Proofs about rules: what holds for every profile, and a profile where it does not."""
