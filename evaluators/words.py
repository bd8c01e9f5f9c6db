"""Words that people read: English here, translated where they are shown."""


def N_(text: str) -> str:  # noqa: N802 gettext's own name for it
    """Mark a text for the translators."""
    return text
