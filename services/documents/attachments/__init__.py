"""The files of letters: looked at, kept, stamped, handed out."""
