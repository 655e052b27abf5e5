"""Tables as bytes of our own: JSON, compressed. Read and written many thousand rows at a time, so by fast libraries."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import orjson
import zstandard

_LEVEL = 1
_ZLIB = b"\x78"


def pack(document: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """The bytes of a document of lists, texts and numbers; equal for equal documents.

    ``default`` gives a value in JSON's terms for one that JSON has no name for.
    """
    written = orjson.dumps(document, default=default, option=orjson.OPT_PASSTHROUGH_DATETIME)
    return zstandard.ZstdCompressor(level=_LEVEL).compress(written)


def unpack(content: bytes) -> Any:
    """The document.

    Raises:
        ValueError: these are no such bytes.
    """
    try:
        if content.startswith(_ZLIB):  # as rolls were kept at first
            return orjson.loads(zlib.decompress(content))
        return orjson.loads(zstandard.ZstdDecompressor().decompress(content))
    except (zlib.error, zstandard.ZstdError) as error:
        raise ValueError("not a packed document") from error
