"""How far a score could be off, had other rows been hidden: resamples, the same ones for every submission."""
