"""Columns of both sides: checked for one kind of metric, and laid out as its formula takes them."""
