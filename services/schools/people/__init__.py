"""The people of the area and its schools."""
