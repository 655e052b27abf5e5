"""Owner of the numbers: projections built only from events, and the reports made of them."""
