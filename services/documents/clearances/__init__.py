"""Who is cleared for letters with a class of secrecy, and who has opened one, and why."""
