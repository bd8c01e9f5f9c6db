"""Tasks of code with an image, and saved images as far as a bundle's check looks at them."""

import io
import json
import tarfile
from typing import Any

from tests.leitai.competitions import bundles

CODE = bundles.task(
    kind="code",
    evaluation={**bundles.task()["evaluation"], "file": "predictions.csv"},
    phases=[bundles.phase("first", "-1 d", "+10 d", input="input")],
)
BUILT = {"dockerfile": "image"}
SAVED = {"archive": "image.tar"}


def saved(*images: dict[str, Any], config: dict[str, Any] | None = None) -> bytes:
    """What `docker save` writes of images with these entries of a manifest."""
    stream = io.BytesIO()
    files = {
        "c.json": json.dumps({"config": config or {}}).encode(),
        "l/layer.tar": bytes(1024),
        "manifest.json": json.dumps(images or [{"Config": "c.json", "Layers": ["l/layer.tar"]}]).encode(),
    }
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()
