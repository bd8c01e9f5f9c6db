"""What each point of a posture is called, what it costs where it is missing, and how to get it."""

from typing import NamedTuple


class Words(NamedTuple):
    """One sentence each."""

    title: str
    cost: str
    remedy: str


UNTRIED = (
    "Not known: no container could be looked into. Mend what the line above the table says, then ask again."
)
WORDS = {
    "engine": Words(
        "Engine",
        "Programs built on a newer C library cannot start threads under a seccomp profile.",
        "Install Docker 20.10.10 or later.",
    ),
    "cgroup": Words(
        "Control groups",
        "A program's disk writes and page cache are charged to nobody, so it can slow its neighbours.",
        "Boot with `systemd.unified_cgroup_hierarchy=1` (the default of current distributions).",
    ),
    "runtime": Words(
        "Runtime",
        "Programs speak to the machine's own kernel: one fault in it, and a team is out of its container.",
        "Install gVisor, `runsc install`, restart the engine, then set LEITAI_SANDBOX__RUNTIME=runsc.",
    ),
    "users": Words(
        "Users",
        "Root of a container is root of the machine: who escapes as our supervisor owns it.",
        "Start the engine with `--userns-remap=default`, or run it rootless (on cgroup version 2).",
    ),
    "seccomp": Words(
        "System calls",
        "A team reaches seldom tried parts of the kernel (io_uring, keys, namespaces), where escapes begin.",
        "Leave LEITAI_SANDBOX__SECCOMP_PROFILE empty, on a kernel with CONFIG_SECCOMP_FILTER.",
    ),
    "privileges": Words(
        "Privileges",
        "A program may become root in its container and tamper with measuring and limits.",
        "Ask who changed the engine's defaults or the runtime: Leitai drops every capability itself.",
    ),
    "confinement": Words(
        "AppArmor, SELinux",
        "No second guard stands between an escaped program and the machine's files and mounts.",
        "Install apparmor, boot with `apparmor=1 security=apparmor`, restart the engine.",
    ),
    "network": Words(
        "Network",
        "A team can carry hidden data out, or fetch answers.",
        "Remove what gives containers interfaces or routes (plug-ins, hooks of the runtime).",
    ),
    "names": Words(
        "Names of the machine",
        "A program can tell machines apart and behave differently where it is judged.",
        "Use runsc, whose /proc and /sys are its own, or report these paths so that they are masked.",
    ),
    "places": Words(
        "Places to write",
        "A program can fill the machine's disk, or leave something for the next run.",
        "Ask why the engine does not keep a container's root read-only (hooks of the runtime).",
    ),
    "memory": Words(
        "Memory limit",
        "One program takes all memory, and the machine kills whatever it likes.",
        "Enable the memory controller: boot with `cgroup_enable=memory`; rootless: delegate it.",
    ),
    "swap": Words(
        "Swap limit",
        "A program gets its memory once more in swap, and slows the whole machine.",
        "Boot with `swapaccount=1`, or turn swap off: `swapoff -a`.",
    ),
    "processes": Words(
        "Process limit",
        "A fork bomb takes every process number of the machine.",
        "Use a kernel with CONFIG_CGROUP_PIDS; rootless: delegate the pids controller.",
    ),
    "processors": Words(
        "Processor limit",
        "One program slows all others, and times of runs mean little.",
        "Use a kernel with CONFIG_CFS_BANDWIDTH; rootless: delegate the cpu controller.",
    ),
    "ulimits": Words(
        "Ulimits",
        "A crash writes memory to the machine's core_pattern, or one program holds every open file.",
        "Remove `default-ulimits` and hooks that undo what Leitai sets.",
    ),
    "storage": Words(
        "Storage quota",
        "A sponsor's image or data can fill the engine's disk; programs cannot, they write to memory.",
        "Give the engine's folder a partition of its own: XFS mounted with `pquota`.",
    ),
    "access": Words(
        "Access to the engine",
        "Whoever reaches that port is root on the engine's machine.",
        "Remove the `-H tcp://` without TLS; reach the engine by its socket, ssh or TLS.",
    ),
    "restart": Words(
        "Restart of the engine",
        "Restarting the engine ends its warm containers too, so the next runs start cold.",
        'Set "live-restore": true in the engine\'s daemon.json.',
    ),
    "experimental": Words(
        "Experimental features",
        "Code that few have tried runs as root.",
        'Set "experimental": false in the engine\'s daemon.json.',
    ),
}
