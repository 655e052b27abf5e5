"""Those with whom an area exchanges letters, beside its own units."""
