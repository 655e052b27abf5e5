"""How large schools are, always reckoned from the head count of a named round, never from a label (rounds.md §2.2)."""
