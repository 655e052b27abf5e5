"""What is to be done about letters, by whom and until when; and what those who decide wrote on them."""
