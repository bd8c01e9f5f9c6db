"""Items 24 to 29: what one run leaves to the next, and what a program could tell one run from another by.

A program that behaves in the preliminary and turns in the final needs something that tells them apart. Names
of host, machine and container, users, variables and the number of processes are the same in every run and
phase. The date, the number of rows and the digest of a volume in the list of mounts cannot be hidden. Against
what uses them stand two things: each phase is scored on its own data, and nothing is kept for the next run.
"""

import threading
from collections.abc import Iterable

from sandbox.job import Outcome, Verdict
from tests.sandbox.hostile.attack import OK, Attack, Ended, Ground, program, seen, then, told

LEAVES = """
import glob, os
told = MACHINE
folders = {"/job", "/job/output", "/job/input", "/job/program", "/tmp", "/var/tmp", "/dev/shm", "/dev",
           "/run", "/leitai", "/data", "/data/input", "/root", "/usr/local/lib", "/etc", "/dev/mqueue"}
for folder in folders:
    try:
        os.makedirs(folder, exist_ok=True)
        open(f"{folder}/{told['mark']}", "w").write("from the last run")
    except OSError: pass
for name in os.listdir("/job/output"): os.remove("/job/output/" + name)
if not os.fork():
    os.setsid()
    import time; time.sleep(60)
"""
LOOKS = """
import glob, os
told = MACHINE
found = [name for folder, _, names in os.walk("/") if not folder.startswith(("/proc", "/sys", "/usr/share"))
         for name in names if told["mark"] in name]
places = ("/job", "/tmp", "/dev/shm")
print(found, len(glob.glob("/proc/[0-9]*")), *(sorted(os.listdir(place)) for place in places))
"""
FRESH = "[] 2 ['input', 'output', 'program'] [] []\n"
POISONS = """
import builtins, json, math, sys
import numpy as np
np.mean = np.average = lambda *a, **k: 42.0
builtins.open = builtins.print = builtins.sum = lambda *a, **k: 42
math.sqrt = lambda x: 42.0
json.dumps = lambda *a, **k: "poisoned"
sys.modules["random"] = sys.modules["json"] = sys.modules["evaluators"] = type(sys)("poisoned")
sys.meta_path.insert(0, type("Finder", (), {"find_spec": staticmethod(lambda *a: None)}))
sys.path.insert(0, "/tmp")
np.seterr(all="raise")
sys.setrecursionlimit(60)
"""
COMPUTES = """
import json, math, random, sys
import numpy as np
print(np.mean([1, 2, 3]), sum([1, 2]), math.sqrt(9), json.dumps([1]))
print(random.__name__, "evaluators" in sys.modules)
print(len(sys.meta_path), sys.path[:1], sys.getrecursionlimit(), np.geterr()["divide"])
"""
STARTS = """
import os, site, sys, sysconfig, glob
EVIL = "import sys; sys.stdout.write('EVIL')"
home = os.path.expanduser("~")
places = [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), site.getusersitepackages(), "/leitai",
          "/leitai/sandbox", "/usr/lib/python3/dist-packages", "/etc", home, "/job/program", *sys.path]
names = ("leitai-escaped.pth", "sitecustomize.py", "usercustomize.py", "numpy.py",
         "__pycache__/site.cpython-311.pyc")
for place in places:
    for name in names:
        try:
            os.makedirs(os.path.dirname(f"{place}/{name}"), exist_ok=True)
            open(f"{place}/{name}", "w").write(EVIL)
        except OSError: pass
for place in (f"{home}/.profile", f"{home}/.bashrc", "/etc/profile", "/etc/ld.so.preload"):
    try: open(place, "a").write("export PYTHONPATH=/tmp")
    except OSError: pass
os.environ["PYTHONPATH"] = "/tmp"
"""
STARTED = "import os, sys, numpy\nprint(numpy.__file__.startswith('/job'), os.environ.get('PYTHONPATH'))"
SHARES = """
import ctypes, os
from multiprocessing import shared_memory
told = MACHINE
m = shared_memory.SharedMemory(told["mark"], create=True, size=9); m.buf[0] = 7
c = ctypes.CDLL(None, use_errno=True)
c.shmget(told["key"], 4096, 0o1666); c.semget(told["key"], 1, 0o1666); c.msgget(told["key"], 0o1666)
for name in ("libc.so.6", "librt.so.1"):
    try: ctypes.CDLL(name).sem_open(("/" + told["mark"]).encode(), 64, 0o666, 1)
    except (OSError, AttributeError): pass
try: ctypes.CDLL("librt.so.1").mq_open(("/" + told["mark"]).encode(), 66, 0o666, None)
except (OSError, AttributeError): pass
os._exit(0)
"""
SHARED = """
import ctypes, os
told = MACHINE
c = ctypes.CDLL(None, use_errno=True)
found = [c.shmget(told["key"], 1, 0), c.semget(told["key"], 1, 0), c.msgget(told["key"], 0)]
print(found, os.listdir("/dev/shm"), os.path.exists("/dev/mqueue/" + told["mark"]))
"""
MEETS = """
import os, time
told = MACHINE
for folder in ("/tmp", "/dev/shm", "/job"):
    open(f"{folder}/{told['mark']}-{time.time_ns()}", "w").close()
time.sleep(1)
others = [n for folder in ("/tmp", "/dev/shm", "/job") for n in os.listdir(folder) if told["mark"] in n]
if len(others) != 3: print("GOT", others)
if len([name for name in os.listdir("/proc") if name.isdigit()]) != 2: print("GOT processes")
open("/job/output/mine", "w").write(str(time.time_ns()))
"""
WHO = """
import getpass, os, platform, socket, sys, uuid
def text(place):
    try: return open(place).read()
    except OSError: return None
print(socket.gethostname(), platform.node(), text("/etc/hostname"), text("/etc/machine-id"))
print(sorted(os.environ.items()), os.getuid(), os.getgid(), os.getcwd(), sys.argv, os.getpid() < 100)
print(os.cpu_count(), sys.executable, os.umask(0), hex(uuid.getnode() & 1 << 40), len(sys.stdin.read()))
print(sum(name.isdigit() for name in os.listdir("/proc")), os.listdir("/dev/shm"), os.listdir("/tmp"))
"""


def computed(ground: Ground) -> Ended:
    """The next program of another team computes right, on whichever path it came."""
    honest = ground.run(COMPUTES).stdout.decode()
    return then(POISONS, COMPUTES, honest)(ground) if honest.startswith("2.0 3 3.0 [1]") else Ended(honest)


def twice(ground: Ground) -> Ended:
    """Two runs of one team, under one lease, at once."""
    text, outcomes = told(MEETS, ground), []
    jobs = [ground.job(text, output=ground.folder / f"output-{number}") for number in range(2)]
    if ground.path == "warm":
        ground.sandbox.warm(jobs[0].shape, len(jobs))
    threads = [
        threading.Thread(target=lambda job=job: outcomes.append(ground.sandbox.run(job))) for job in jobs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    effects = [effect for outcome in outcomes for effect in seen(outcome, ground)]
    verdicts = {outcome.verdict.value for outcome in outcomes} if len(outcomes) == 2 else {"lost"}
    return Ended(" and ".join(sorted(verdicts)), tuple(effects))


def same(ground: Ground, outcome: Outcome) -> Iterable[str]:
    """Another run sees the same surroundings."""
    again = ground.run(WHO, volumes=(ground.worker.another_phase(),))
    if again.verdict != Verdict.OK or again.stdout != outcome.stdout:
        yield f"it differs: {outcome.stdout!r} {again.stdout!r}"
    if b"sandbox sandbox" not in outcome.stdout:
        yield f"it has a name: {outcome.stdout[:60]!r}"


ATTACKS = (
    Attack(24, "files, folders and a process left behind", then(LEAVES, LOOKS, FRESH), (OK,)),
    Attack(25, "poisoned modules in a warm interpreter", computed, (OK,)),
    Attack(26, "files that Python reads at its start", then(STARTS, STARTED, "False None\n"), (OK,)),
    Attack(27, "shared memory, semaphores, queues", then(SHARES, SHARED, "[-1, -1, -1] [] False\n"), (OK,)),
    Attack(28, "two runs of one team at once", twice, (OK,)),
    Attack(29, "a name of this run, machine or phase", program(WHO, look=same), (OK,)),
)
