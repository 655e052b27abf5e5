"""Bodies as a browser writes them."""

from __future__ import annotations


def multipart(*parts: tuple[str, str | None, bytes]) -> tuple[bytes, str]:
    """A body of (field, filename or None, content), and its content type."""
    chunks = []
    for field, filename, content in parts:
        name = f'; filename="{filename}"' if filename is not None else ""
        head = f'--edge\r\nContent-Disposition: form-data; name="{field}"{name}\r\n\r\n'
        chunks += [head.encode(), content, b"\r\n"]
    return b"".join([*chunks, b"--edge--\r\n"]), "multipart/form-data; boundary=edge"
