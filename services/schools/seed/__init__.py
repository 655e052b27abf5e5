"""The demo office: area 5704 with its real schools, a made-up second area, and people who do not exist."""
