"""What is done with a rulebook by whoever writes rules."""
