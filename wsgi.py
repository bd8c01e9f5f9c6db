"""The WSGI app."""

from leitai.app import create_app

app = create_app()
