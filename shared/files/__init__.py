"""Files: a content-addressed store, what the bytes are, and signed references for downloads."""
