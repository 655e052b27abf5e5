"""The demo office: area 5704 with its real schools, and people who do not exist."""
