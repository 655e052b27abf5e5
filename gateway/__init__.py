"""The HTTP gateway: API, pages, aggregation. It has no database; it asks the owners."""
