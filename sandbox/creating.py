"""Makes containers from which nothing of the machine can be read that a program does not need."""

from typing import Any

import docker
from docker.models.containers import RUN_HOST_CONFIG_KWARGS

# What engines mask by themselves, up to version 28: a list of ours takes the place of theirs.
ENGINES = (
    "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
    "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
    "/sys/devices/virtual/powercap", "/sys/firmware",
)  # fmt: skip
# Names of the machine and its boot, its hardware, its disks, its kernel's own state and other people's load.
OF_PROC = (
    "/proc/buddyinfo", "/proc/bus", "/proc/cmdline", "/proc/config.gz", "/proc/consoles", "/proc/crypto",
    "/proc/devices", "/proc/diskstats", "/proc/dma", "/proc/driver", "/proc/dynamic_debug", "/proc/fs",
    "/proc/iomem", "/proc/ioports", "/proc/irq", "/proc/kallsyms", "/proc/key-users", "/proc/locks",
    "/proc/mdstat", "/proc/misc", "/proc/modules", "/proc/mtrr", "/proc/pagetypeinfo", "/proc/partitions",
    "/proc/pressure", "/proc/schedstat", "/proc/slabinfo", "/proc/softirqs", "/proc/swaps",
    "/proc/sys/dev", "/proc/sys/kernel/random/boot_id", "/proc/tty", "/proc/version",
    "/proc/version_signature", "/proc/vmallocinfo", "/proc/zoneinfo",
)  # fmt: skip
# Of /sys there stay cgroups, processors, memory nodes and huge pages, by which libraries choose threads.
OF_SYS = (
    "/sys/block", "/sys/bus", "/sys/class", "/sys/dev", "/sys/devices/LNXSYSTM:00", "/sys/devices/faux",
    "/sys/devices/platform", "/sys/devices/pnp0", "/sys/devices/virtual", "/sys/fs/bcache", "/sys/fs/bpf",
    "/sys/fs/btrfs", "/sys/fs/ext4", "/sys/fs/f2fs", "/sys/fs/fuse", "/sys/fs/nfs", "/sys/fs/pstore",
    "/sys/fs/xfs", "/sys/hypervisor", "/sys/kernel/boot_params", "/sys/kernel/btf", "/sys/kernel/debug",
    "/sys/kernel/iommu_groups", "/sys/kernel/irq", "/sys/kernel/notes", "/sys/kernel/security",
    "/sys/kernel/slab", "/sys/kernel/tracing", "/sys/kernel/vmcoreinfo", "/sys/module", "/sys/power",
)  # fmt: skip
# Serial numbers of disks lie below the bus that they hang on, which has no one name.
BUSES = tuple(f"/sys/devices/pci0000:{number:02x}" for number in range(256))
# Also the engines' own since version 28; a processor more than these keeps its file.
HEAT = tuple(f"/sys/devices/system/cpu/cpu{number}/thermal_throttle" for number in range(128))
MASKED = (*ENGINES, *OF_PROC, *OF_SYS, *BUSES, *HEAT)


def create(client: docker.DockerClient, **given: Any) -> str:
    """As ``client.containers.create``, which cannot be told what to mask. Returns the container's id.

    Raises:
        docker.errors.DockerException: the engine refused.
    """
    bounds = {name: given.pop(name) for name in RUN_HOST_CONFIG_KWARGS if name in given}
    host = client.api.create_host_config(**bounds)
    host["MaskedPaths"] = list(MASKED)
    # Proxies of this account, often with a password, would become variables of the container.
    return str(client.api.create_container(host_config=host, use_config_proxy=False, **given)["Id"])
