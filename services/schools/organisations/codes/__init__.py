"""Codes of units by scheme, each for as long as it is valid."""
