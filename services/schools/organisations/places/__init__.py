"""Amphoe and tambon with their codes (TIS-1099): places are not units, though their digits may look alike."""
