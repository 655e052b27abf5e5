"""The past of the demo office: a round that is over, of pupils who do not exist."""
