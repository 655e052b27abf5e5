"""Files of schools: received, checked, their findings."""
