"""Tables from files: each format read strictly, columns as texts or numbers, rows aligned by id."""
