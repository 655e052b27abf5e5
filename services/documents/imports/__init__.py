"""Registers of old systems taken over into a book: looked at first, then entered part by part."""
