"""What runs as process 1 of a container: standard library alone, so that any image with Python 3 will do."""
