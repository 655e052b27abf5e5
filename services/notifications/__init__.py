"""Owner of what people are told: the inbox of whoever holds a role at an organisation."""
