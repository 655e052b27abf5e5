"""Thai dates, digits, citizen ids and text: the one place that knows them."""
