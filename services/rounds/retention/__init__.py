"""Personal data that nobody needs any more: the contents of versions that were superseded or refused."""
