"""The organisation tree below an area: its groups, and how many schools there are."""
