"""The organisation tree OBEC › area › {groups, schools}, the codes of its units, and the schools' yearly profiles."""
