"""The `evaluation` key of a task: each part checked, and made into values."""
