"""A way to the Docker engine that can be cut: `python way.py SOCKET ENGINE_SOCKET` until it is killed."""

import socket
import sys
import threading


def pour(source: socket.socket, target: socket.socket) -> None:
    """All bytes of one direction, then its end."""
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def main(place: str, engine: str) -> None:
    """Take connections for good."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        while True:
            near, _ = server.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(engine)
            for pair in ((near, far), (far, near)):
                threading.Thread(target=pour, args=pair, daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
