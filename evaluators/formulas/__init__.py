"""The metrics: functions of arrays, without I/O, a module for each theme."""
