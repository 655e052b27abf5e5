"""Who stands in for whom, for how long and by which order; and all that somebody holds, handed over."""
