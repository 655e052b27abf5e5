"""Every event type of the system, declared once, in the module of the service that owns it."""
