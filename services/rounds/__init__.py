"""Owner of the data rounds: calendar, submissions, findings, gates."""
