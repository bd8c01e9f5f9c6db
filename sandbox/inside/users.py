"""Who a program is inside its container: a user who may do nothing else."""

import os
from collections.abc import Callable

USER = 10001
# A user for each job of a lasting container.
FIRST_USER = 20_000


def become_user(user: int = USER) -> None:
    """Give up everything but this user; there is no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def as_user(do: Callable[[], int], user: int = USER) -> int:
    """Do something in a child that is the program's user. Returns its exit code, or minus a signal."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            become_user(user)
            code = do()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)
