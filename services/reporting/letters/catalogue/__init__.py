"""The reports of letters, one module each."""
