"""Accounts, sessions and grants: who may come in, for how long, and what they may do today."""
