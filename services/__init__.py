"""The independent services. None imports another."""
