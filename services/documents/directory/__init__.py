"""What documents knows of units and of who works in them, from the events of their owner."""
