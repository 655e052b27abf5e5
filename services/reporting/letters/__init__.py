"""Reports of letters: what is done and waits, how long it takes, what is late; of a month, a quarter or a year."""
