"""What every process of Khet shares: runtime, bus, database, files, security, HTTP, Thai language."""
