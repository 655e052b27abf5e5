"""Databases: one per service, one way to read and write them on SQLite and PostgreSQL."""
