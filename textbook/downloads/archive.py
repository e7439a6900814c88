"""Zip files that are the same bytes whenever and wherever they are written."""

import io
import zipfile
from collections.abc import Mapping

# What is packed already is only stored.
_PACKED = (".gz", ".woff2", ".png", ".whl", ".zip")


def pack(contents: Mapping[str, bytes | str], *, first: str = "") -> bytes:
    """Return a zip of files by name, in order; `first` comes first, and is stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(contents, key=lambda name: (name != first, name)):
            content = contents[name]
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.external_attr = 0o644 << 16
            stored = name == first or name.endswith(_PACKED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            data = content.encode() if isinstance(content, str) else content
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()
