"""Items 9 to 15: taking more than is given."""

from collections.abc import Iterable

from sandbox.job import Outcome
from tests.sandbox.hostile.attack import (
    ERROR,
    FAST,
    MEMORY,
    OK,
    OUTPUT,
    TIME,
    Attack,
    Ended,
    Ground,
    probe,
    program,
)


def late(_: Ground, outcome: Outcome) -> Iterable[str]:
    if "late" in outcome.files:
        yield "a survivor wrote after the end"


def honest_time(_: Ground, outcome: Outcome) -> Iterable[str]:
    if outcome.cpu_s < 0.9:
        yield f"only {outcome.cpu_s} s of computing were counted"


HOSTILE_LOG = "\\x1b[2J\\x1b]0;owned\\x07<script>alert(1)</script>\\u202e\\x00"


def log(ground: Ground) -> Ended:
    """What a program writes as it fails, as the worker keeps it."""
    text = (
        f"import sys; print('{HOSTILE_LOG}'); sys.stderr.write('{HOSTILE_LOG}' * 9999); raise SystemExit(3)"
    )
    found = ground.worker.code(text)
    signs = [sign for sign in ("\\u001b", "\\u0007", "\\u202e", "\\u0000") if sign in found.texts]
    return Ended(found.verdict, tuple(f"the log holds {sign}" for sign in signs))


ATTACKS = (
    Attack(
        9,
        "fork bomb",
        program("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", FAST),
        (TIME, MEMORY),
    ),
    Attack(
        9,
        "thread bomb",
        program(
            "import threading, time\nwhile True:\n"
            "  try: threading.Thread(target=time.sleep, args=(60,)).start()\n  except RuntimeError: pass",
            FAST,
        ),
        (TIME, MEMORY, ERROR),
    ),
    Attack(
        10,
        "cpu time in children whose ends nobody counts",
        program(
            "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
            "for _ in range(3):\n  if not os.fork():\n    while True: pass\ntime.sleep(60)",
            {"cpu_s": 1.0},
            honest_time,
        ),
        (TIME,),
    ),
    Attack(
        10, "sleeping past the wall limit", program("import time; time.sleep(99)", {"wall_s": 1.0}), (TIME,)
    ),
    Attack(
        11,
        "a survivor in a session of its own",
        program(
            "import os, time\nif not os.fork():\n  os.setsid()\n  if not os.fork():\n    time.sleep(1)\n"
            "    open('/job/output/late', 'w').write('x')\n    time.sleep(60)\n  os._exit(0)",
            look=late,
        ),
        (OK,),
    ),
    Attack(
        12,
        "ignoring signals",
        program(
            "import signal, time\nfor n in range(1, 65):\n  try: signal.signal(n, signal.SIG_IGN)\n"
            "  except (OSError, ValueError): pass\nwhile True: time.sleep(1)",
            FAST,
        ),
        (TIME,),
    ),
    Attack(
        12, "blocking at exit", program("import atexit, time; atexit.register(time.sleep, 60)", FAST), (TIME,)
    ),
    Attack(
        12,
        "a thread that does not end",
        program("import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()", FAST),
        (TIME,),
    ),
    Attack(
        13,
        "memory by mmap",
        program("import mmap\nm = mmap.mmap(-1, 2_000_000_000)\nfor n in range(0, len(m), 4096): m[n] = 1"),
        (MEMORY,),
    ),
    Attack(
        13,
        "memory in /dev/shm",
        program("f = open('/dev/shm/x', 'wb')\nwhile True: f.write(bytes(1_000_000))"),
        (ERROR, MEMORY, OUTPUT),
    ),
    Attack(
        13,
        "memory in a file without a name",
        program("import os\nf = os.memfd_create('x')\nwhile True: os.write(f, bytes(1_000_000))"),
        (ERROR, MEMORY, OUTPUT),
    ),
    Attack(
        13,
        "memory in the page cache",
        probe(
            "left = 400_000_000\nfor folder, _, names in os.walk('/usr'):\n  for name in names:\n"
            "    try: left -= len(open(f'{folder}/{name}', 'rb').read(20_000_000)) if left > 0 else 0\n"
            "    except OSError: pass"
        ),
        (OK,),
    ),
    Attack(
        14,
        "a sparse file of ten terabytes",
        program("open('/job/output/x', 'wb').truncate(10**13)"),
        (OUTPUT, ERROR),
    ),
    Attack(
        14,
        "a sparse file just within the work space",
        program("open('/job/output/x', 'wb').truncate(60_000_000)", {"output_bytes": 1_000_000}),
        (OUTPUT,),
    ),
    Attack(
        14,
        "inodes without end",
        program("import os\nfor n in range(10**9): open(f'/job/output/{n}', 'w').close()", FAST),
        (ERROR, OUTPUT, TIME, MEMORY),
    ),
    Attack(
        14,
        "a full /tmp",
        program("f = open('/tmp/x', 'wb')\nwhile True: f.write(bytes(1_000_000))"),
        (ERROR, OUTPUT, MEMORY),
    ),
    Attack(
        15, "output without end", program("import os\nwhile True: os.write(1, b'x' * 65536)", FAST), (TIME,)
    ),
    Attack(
        15,
        "errors without end",
        program("import os\nwhile True: os.write(2, b'\\x1b[31m' * 9999)", FAST),
        (TIME,),
    ),
    Attack(15, "terminal and page in the log", log, (ERROR,), within_s=15.0),
)
