"""How an engine is reached: by its socket, or by TCP with the certificates that the docker command takes."""

from docker import DockerClient
from docker.utils import kwargs_from_env

BY_TCP = ("tcp://", "https://")


def client(host: str, timeout: int) -> DockerClient:
    """A client of the engine at this address; DOCKER_TLS_VERIFY and DOCKER_CERT_PATH hold for TCP alone.

    Raises:
        docker.errors.DockerException: the address is none, or a certificate is missing.
    """
    tls = kwargs_from_env().get("tls", False) if host.startswith(BY_TCP) else False
    found = DockerClient(base_url=host, timeout=timeout, tls=tls)
    # No proxy stands before a socket, and to look for one takes a fifth of every call.
    found.api.trust_env = host.startswith(BY_TCP)
    return found


def is_verified(host: str) -> bool:
    """Whether a client would speak TLS there, and only with an engine that proves itself."""
    return host.startswith(BY_TCP) and bool(getattr(kwargs_from_env().get("tls"), "verify", False))
