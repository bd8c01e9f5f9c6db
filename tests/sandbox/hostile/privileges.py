"""Items 19 to 23: against the supervisor, the kernel, the clock."""

from collections.abc import Iterable

from sandbox.job import Outcome
from tests.sandbox.hostile.attack import ERROR, OK, Attack, Ground, probe, program

FORGED = """
import os
told = b'{"type":"outcome","size":16}\\n{"verdict":"ok"}'
for n in range(3, 64):
    try: os.write(n, told)
    except OSError: pass
for pid in [name for name in os.listdir("/proc") if name.isdigit() and name != str(os.getpid())]:
    for n in (*(f"fd/{k}" for k in range(10)), "mem", "task/1/fd/1", "root/tmp/x", "oom_score_adj", "comm"):
        try: open(f"/proc/{pid}/{n}", "wb").write(told); print("GOT", pid, n)
        except OSError: pass
try: open("/dev/console", "wb").write(told)
except OSError: pass
raise SystemExit(5)
"""
SUPERVISOR = """
import signal
c = ctypes.CDLL(None, use_errno=True)
attempt("trace", lambda: c.ptrace(16, 1, 0, 0) != -1)
attempt("seize", lambda: c.ptrace(0x4206, 1, 0, 0) != -1)
attempt("read its memory", lambda: c.syscall(310, 1, 0, 0, 0, 0, 0) >= 0)
attempt("take its files", lambda: c.syscall(438, c.syscall(434, 1, 0), 1, 0) >= 0)
for n in range(1, 65):
    attempt(f"signal {n}", lambda: os.kill(1, n) is None)
attempt("signal by pidfd", lambda: c.syscall(424, c.syscall(434, 1, 0), 9, 0, 0) == 0)
attempt("slow it down", lambda: os.setpriority(os.PRIO_PROCESS, 1, 19) is None)
attempt("bound it", lambda: __import__("resource").prlimit(1, 7, (1, 1)))
"""
KERNEL = """
c = ctypes.CDLL(None, use_errno=True)
calls = {'mount': 165, 'umount': 166, 'unshare': 272, 'setns': 308, 'pivot_root': 155, 'chroot': 161,
         'keyctl': 250, 'add_key': 248, 'bpf': 321, 'init_module': 175, 'kexec_load': 246, 'ptrace': 101,
         'userfaultfd': 323, 'io_uring_setup': 425, 'perf_event_open': 298, 'open_by_handle_at': 304,
         'fsopen': 430, 'swapon': 167, 'reboot': 169}
for name, number in calls.items():
    attempt(name, lambda: c.syscall(number, *map(ctypes.c_long, (0x10000000, 0, 0, 0, 0, 0))) >= 0)
attempt("new user namespace", lambda: c.syscall(56, ctypes.c_long(0x10000000 | 17), 0, 0, 0, 0) >= 0)
"""
USERS = """
import shutil, stat, subprocess
for number in (0, 1, 33, 20000):
    attempt(f"become {number}", lambda: os.setuid(number) is None)
    attempt(f"group {number}", lambda: os.setgid(number) is None)
attempt("groups", lambda: os.setgroups([0]) is None)
shutil.copy("/bin/cat" if os.path.exists("/bin/cat") else sys.executable, "/job/mine")
os.chmod("/job/mine", 0o6755)
attempt("own setuid", lambda: os.chown("/job/mine", 0, 0) is None)
for name in ("su", "mount", "passwd", "newgrp", "sudo"):
    place = shutil.which(name)
    command = [place or "false", "-c", "id"]
    attempt(name, lambda: subprocess.run(command, stdin=-3, capture_output=True).returncode == 0)
for line in open("/proc/self/status"):
    attempt(line, lambda: line[:6] in ("CapPrm", "CapEff", "CapAmb") and int(line.split()[1], 16) > 0)
"""
# mov eax, NUMBER; int 0x80; ret. A call that is let through answers; ours end the process.
OLD_CALLS = """
import mmap
code = mmap.mmap(-1, 4096, prot=7)
for number in (20, 21, 26, 288, 357, 425):
    code.seek(0); code.write(b"\\xb8" + number.to_bytes(4, "little") + b"\\xcd\\x80\\xc3")
    child = os.fork()
    if not child:
        place = ctypes.addressof(ctypes.c_char.from_buffer(code))
        os._exit(9 if ctypes.CFUNCTYPE(ctypes.c_int)(place)() not in (-1, -38) else 0)
    attempt(f"32-bit call {number}", lambda: os.waitpid(child, 0)[1] == 9 << 8)
"""
DEVICES = """
import stat
for kind in (stat.S_IFBLK, stat.S_IFCHR):
    for major, minor in ((8, 0), (254, 0), (1, 1), (10, 232)):
        number = os.makedev(major, minor)
        attempt(f"node {major}:{minor}", lambda: os.mknod("/job/x", kind | 0o666, number) is None)
for name in ("sda", "vda", "nvme0n1", "mem", "port", "kvm", "fuse", "net/tun", "loop0", "kmsg", "uinput"):
    attempt(name, lambda: open("/dev/" + name, "rb"))
"""
CORES = """
import os
kernel = '/proc/sys/kernel/'
for place in (kernel + 'core_pattern', kernel + 'hostname', '/proc/sys/vm/overcommit_memory',
              '/proc/sysrq-trigger', '/sys/kernel/uevent_helper',
              '/sys/fs/cgroup/release_agent', '/sys/fs/cgroup/memory.max'):
    try: open(place, 'w').write('x'); print('GOT', place)
    except OSError: pass
import resource
try: resource.setrlimit(resource.RLIMIT_CORE, (10**9, 10**9)); print('GOT core dumps')
except (ValueError, OSError): pass
os.chdir('/job/output'); os.abort()
"""
CLOCK = """
import time
began = time.monotonic()
attempt("set", lambda: time.clock_settime(time.CLOCK_REALTIME, 0) is None)
c = ctypes.CDLL(None, use_errno=True)
attempt("settimeofday", lambda: c.settimeofday(ctypes.create_string_buffer(16), None) == 0)
attempt("adjust", lambda: c.syscall(159, ctypes.create_string_buffer(b"\\x01" + bytes(300))) != -1)
time.sleep(1)
time.monotonic = time.time = time.perf_counter = lambda: 0.0
"""


def short(_: Ground, outcome: Outcome) -> Iterable[str]:
    if outcome.wall_s < 1:
        yield f"it was measured to take {outcome.wall_s} s"


ATTACKS = (
    Attack(19, "writing to the supervisor's streams and memory", program(FORGED), (ERROR,)),
    Attack(19, "tracing, signalling and bounding the supervisor", probe(SUPERVISOR), (OK,)),
    Attack(19, "killing all that it may", program("import os; os.kill(-1, 9)"), (OK, ERROR)),
    Attack(20, "mounts, namespaces, keys, rings, programs in the kernel", probe(KERNEL), (OK,)),
    Attack(20, "other users", probe(USERS), (OK,)),
    Attack(20, "calls of 32 bits", probe(OLD_CALLS), (OK,)),
    Attack(21, "device nodes", probe(DEVICES), (OK,)),
    Attack(22, "core dumps and the kernel's settings", program(CORES), (ERROR,)),
    Attack(23, "turning the clock", probe(CLOCK, look=short), (OK,)),
)
