"""How often an address may ask for what is costly or worth guessing at."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from leitai.settings import Settings

limiter = Limiter(key_func=get_remote_address)


def install(app: Flask, settings: Settings) -> None:
    """Count in Redis where several portals share one, else in this process."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    # A broker that is down must not take the portal with it.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    limiter.init_app(app)
