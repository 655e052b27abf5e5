"""Letters that belong together: one refers to another, or answers it."""
