"""The ``khet`` command."""
