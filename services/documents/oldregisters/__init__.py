"""Registers of the old systems (AMSS++/SmartOBEC, My Office, a workbook kept by hand), read and judged."""
