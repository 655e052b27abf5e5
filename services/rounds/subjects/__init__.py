"""What is held about one pupil, for whoever has a right to know it."""
