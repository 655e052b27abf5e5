"""What starts and stops processes: table, runner, container, drain, child pool, health."""
