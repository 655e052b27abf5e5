"""DMC, the register of pupils: its columns, its pupils and its rules."""
