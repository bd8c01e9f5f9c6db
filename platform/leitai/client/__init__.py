"""The teams' command line: a program that speaks to a portal over HTTP and knows nothing of its inside."""
