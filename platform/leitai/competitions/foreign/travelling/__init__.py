"""Programs that go along with a competition and run elsewhere; each stands on nothing but Python."""
