"""What would change a decision, and what to ask next."""
