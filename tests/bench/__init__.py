"""Benches: measured as ratios against a yardstick in the same run, because the machine is small and noisy."""
