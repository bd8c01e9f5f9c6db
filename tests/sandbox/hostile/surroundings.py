"""Items 16 to 18: the network, other programs of the machine, secrets."""

from tests.sandbox.hostile.attack import OK, Attack, probe
from tests.sandbox.hostile.machine import SECRET

SOCKETS = """
import socket, struct
told = MACHINE
def call(family, kind, place):
    with socket.socket(family, kind) as s:
        s.settimeout(0.5)
        s.connect(place)
        s.send(b"leitai-escaped")
        if kind == socket.SOCK_DGRAM:
            s.recv(1)
        return place
def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET
def each(places, kinds=(socket.SOCK_STREAM, socket.SOCK_DGRAM)):
    for place in places:
        for kind in kinds:
            attempt("call", lambda: call(family_of(place[0]), kind, place))
"""
OUT = """
each([("169.254.169.254", 80), ("fd00:ec2::254", 80), ("100.100.100.200", 80)])
each([("8.8.8.8", 53), ("1.1.1.1", 443), ("2001:4860:4860::8888", 53), ("255.255.255.255", 9)])
attempt("resolve", lambda: socket.getaddrinfo("example.org", 80))
group = ("224.0.0.251", 5353)
attempt("multicast", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", group))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("interfaces", lambda: [n for _, n in socket.if_nameindex() if n != "lo"] or False)
attempt("routes", lambda: open("/proc/net/route").read().count("\\n") > 1)
"""
MACHINES_OWN = "each([tuple(place) for place in told['places'] if not place[0] in ('127.0.0.1', '::1')])"
LOCAL = "each([tuple(place) for place in told['places'] if place[0] in ('127.0.0.1', '::1')])"
NEIGHBOURS = """
for end in range(1, 12):
    for net in ("172.17.0", "172.18.0", "10.0.0", "192.168.0"):
        attempt("call", lambda: call(socket.AF_INET, socket.SOCK_STREAM, (f"{net}.{end}", 80)))
"""
SERVICES = """
import glob
for place in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock",
              *glob.glob("/run/**/*.sock", recursive=True), *glob.glob("/tmp/**", recursive=True)):
    attempt("socket " + place, lambda: call(socket.AF_UNIX, socket.SOCK_STREAM, place))
each([(host, port) for host in ("127.0.0.1", "::1", "172.17.0.1") for port in (2375, 2376, 5432, 6379, 8000)],
     (socket.SOCK_STREAM,))
attempt("names of sockets", lambda: [l for l in open("/proc/net/unix") if "@" in l or "/" in l] or False)
"""
SECRETS = """
import glob
SECRET = "leitai-secret-" + "of-the-worker"
def read(place):
    return os.read(os.open(place, os.O_RDONLY | os.O_NONBLOCK), 100_000)
for place in ("environ", "mem", "maps", "fd/0", "fd/1", "fd/3", "cwd/etc/shadow", "root/etc/shadow", "auxv"):
    attempt("/proc/1/" + place, lambda: read("/proc/1/" + place))
for place in ("/etc/shadow", "/proc/kcore", "/proc/kmsg", "/dev/kmsg", "/dev/mem", "/proc/keys",
              "/proc/timer_list", "/proc/sched_debug", "/sys/firmware/acpi/tables/DSDT", "/etc/machine-id",
              "/sys/class/dmi/id/product_uuid"):
    attempt(place, lambda: read(place) and True or False)
for place in glob.glob("/proc/[0-9]*/environ"):
    attempt("secret in " + place, lambda: SECRET.encode() in read(place))
attempt("secret in the environment", lambda: SECRET in str(os.environ))
attempt("variables", lambda: [k for k in os.environ if k.startswith(("LEITAI", "AWS", "DOCKER"))] or False)
"""
assert SECRET.startswith("leitai-secret-")

ATTACKS = (
    Attack(16, "outbound: metadata, DNS, IPv6, multicast, raw", probe(SOCKETS + OUT), (OK,)),
    Attack(16, "the host, by its gateways and its own address", probe(SOCKETS + MACHINES_OWN), (OK,)),
    Attack(16, "the host's loopback", probe(SOCKETS + LOCAL), (OK,)),
    Attack(17, "Docker, Redis, database", probe(SOCKETS + SERVICES), (OK,)),
    Attack(17, "other containers", probe(SOCKETS + NEIGHBOURS), (OK,)),
    Attack(18, "/proc, /sys, secrets in the environment", probe(SECRETS), (OK,)),
)
