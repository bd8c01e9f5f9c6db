"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long a trial takes tells of the machine alone: goals of speed are held by benchmarks.
settings.register_profile("leitai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("leitai")
