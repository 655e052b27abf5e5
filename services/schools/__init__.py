"""The service that knows the organisation, its people and what they may do, and the schools' yearly profiles."""
