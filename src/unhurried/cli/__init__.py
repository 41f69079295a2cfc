"""The way in for the terminal: the `unhurried` command (design section 7)."""
