"""Letters: what came in, what is known of it, where it is."""
