"""Changing the rules of an open round: tried on what stands, looked at, applied; nobody is un-confirmed silently."""
