"""Books and the numbers in them: issued once, never again, accounted for."""
