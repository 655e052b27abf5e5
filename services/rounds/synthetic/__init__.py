"""Synthetic DMC files: invented pupils in the real layout, harmless disguises, planted defects with known findings.

Written from the description of the field alone, without the readers and rules it is the check on.
"""
