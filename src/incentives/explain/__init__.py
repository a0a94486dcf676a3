"""What is said about a decision, in Chinese and English, from one structure."""
