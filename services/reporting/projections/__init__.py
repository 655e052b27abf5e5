"""What reporting keeps of rounds, schools' standings and the tables of their files."""
