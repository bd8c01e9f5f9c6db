"""Tells when a child has ended, as a descriptor that can be waited for beside others."""

import errno
import os


def descriptor(pid: int) -> int:
    """Readable once this child of ours has ended, who is still there to be buried."""
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
    return _told_by_a_thread(pid)


def _told_by_a_thread(pid: int) -> int:
    """The kernel has no such descriptor: gVisor before 2023."""
    import threading  # noqa: PLC0415 most kernels do not need it, and starting shall be quick

    reading, writing = os.pipe()

    def wait() -> None:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        os.write(writing, b"x")
        os.close(writing)

    threading.Thread(target=wait, daemon=True).start()
    return reading
