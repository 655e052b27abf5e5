"""The audit log: rows with keyed digests, chained by a sealer, verified and read."""
