"""The days on which an office works differently from the government's calendar."""
