"""What holds between the parts: events, API, databases, imports, deployment."""
