"""The pupils of a version: their roll, sealed in the file store, and a narrow index of the version that stands."""
