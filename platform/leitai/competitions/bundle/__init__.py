"""The task bundle: a folder with competition.yaml, checked whole and applied idempotently."""
