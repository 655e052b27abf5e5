"""The calendar: rounds with their separate dates, from draft to close."""
