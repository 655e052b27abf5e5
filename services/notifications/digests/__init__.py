"""Digests: on the reminder days of a round, one message for everything that somebody still owes."""
