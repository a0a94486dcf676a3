"""Tables in: sources read, headings understood, cells checked, rows staged."""
