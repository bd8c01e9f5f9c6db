"""Set-up of a machine and the local processes: what `make run` does before and around the portal."""
