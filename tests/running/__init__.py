"""A whole Khet under test: started as people start it, spoken to over HTTP, ended by process id."""
