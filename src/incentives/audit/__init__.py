"""What an auditor does with decisions: replay them, and recompute what was paid."""
