"""Pupils who stand in the files of two schools: found, shown to both and the area, settled, carried, reopened."""
