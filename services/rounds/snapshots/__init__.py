"""What schools' numbers were when they were locked: numbered, never changed."""
