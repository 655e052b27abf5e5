"""What a file is, told by its first bytes; the name and the type a browser sends prove nothing."""

from __future__ import annotations

HEAD_BYTES = 8192

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)


def sniff(head: bytes) -> str:
    """The content type of a file that starts with ``head`` (its first :data:`HEAD_BYTES` bytes).

    Office files are zip archives; the names of their first members tell them apart. Text is what decodes as UTF-8
    or TIS-620 without control characters; anything else is ``application/octet-stream``.
    """
    for magic, content_type in _MAGIC:
        if head.startswith(magic):
            return content_type
    if head.startswith(b"PK\x03\x04"):
        if b"xl/" in head:
            return _XLSX
        return _DOCX if b"word/" in head else "application/zip"
    if head and _is_text(head):
        return "text/plain"
    return "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if any(byte < 0x20 and byte not in b"\t\n\r" for byte in head):
        return False
    try:
        # The head may end inside a character of up to four bytes.
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and error.reason == "unexpected end of data":
            return True
        try:
            head.decode("tis-620")
        except UnicodeDecodeError:
            return False
    return True
