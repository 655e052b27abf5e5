"""Lists of letters: what they are narrowed to, and the order in which they stand."""
