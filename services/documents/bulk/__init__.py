"""Many letters keyed in as one table."""
