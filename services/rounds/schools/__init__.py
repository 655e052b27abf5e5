"""What rounds knows of schools, from the events of their owner."""
