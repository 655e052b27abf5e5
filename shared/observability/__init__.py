"""Logs with correlation ids, metrics, health."""
