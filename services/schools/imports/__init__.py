"""Lists that come as files: read, judged row by row, repairs decided by a person, then applied."""
