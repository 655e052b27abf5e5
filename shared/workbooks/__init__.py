"""Files from outside: what they are (container), whether they may be read (scan), what stands in them (reading)."""
