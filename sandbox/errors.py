"""What can go wrong on our side."""


class ImageError(Exception):
    """An image could not be built; the text says why and what to do."""
