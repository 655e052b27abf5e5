"""Official letters: registers and numbers, received letters and what is done about them."""
