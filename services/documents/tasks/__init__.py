"""What is to be done about a letter, by whom and until when."""
