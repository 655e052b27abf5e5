"""Lists of letters that somebody named, to come back to them."""
