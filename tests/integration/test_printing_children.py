"""Papers made by child processes, within the memory and time that a service gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from shared.runtime.children import ChildPool
from shared.settings import Settings

AT = "2026-06-10T09:30:00+07:00"
PLACE = "services.documents.printing"


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    usual = Settings()
    children = ChildPool(1, memory_mb=usual.child_memory_mb, seconds=usual.child_seconds)
    yield children
    children.close()


def run(pool: ChildPool, task: str, job: Mapping[str, Any]) -> dict[str, Any]:
    return pool.run(f"{PLACE}.{task}", job, lambda *_: None)


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "".join(document[0].get_textpage().get_text_bounded().split())


def test_a_picture_is_looked_at_made_a_page_and_stamped(pool: ChildPool, tmp_path: Path) -> None:
    """The largest that is taken: A3 at 600 dpi."""
    photo, page, stamped = (tmp_path / name for name in ("a.png", "a.pdf", "b.pdf"))
    Image.new("RGB", (7016, 9921), "white").save(photo, compress_level=1)
    look = run(pool, "scans:look_task", {"path": str(photo), "kind": "png"})["look"]
    assert (look["pages"][0]["dpi"], look["notices"]) == (849, [])
    job = {"path": str(photo), "out": str(page), "title": "สำเนา", "made_at": AT}
    assert run(pool, "scans:picture_task", job) == {"refused": None}
    stamp = {"agency": "สพป.เชียงราย เขต 4", "number": "7", "received_at": AT}
    result = run(pool, "stamps:stamp_task", {"path": str(page), "out": str(stamped), "stamps": [stamp]})
    assert [one["outcome"] for one in result["placed"]] == ["kept"]
    assert "เลขรับ7วันที่10มิถุนายน2569เวลา09.30น." in text_of(stamped)


def test_a_year_of_a_register_is_printed(pool: ChildPool, tmp_path: Path) -> None:
    row = {
        "display_no": "1", "doc_no": "ศธ 04047/1", "doc_date": "2026-06-01", "sender": "โรงเรียนบ้านห้วยไคร้",
        "receiver": "ผอ.สพป.", "subject": "ขอเชิญประชุมเชิงปฏิบัติการ " * 4, "action": "กลุ่มนโยบายและแผน", "note": "",
        "state": "issued", "entered_at": AT,
    }  # fmt: skip
    sheet = {
        "title": "ทะเบียนหนังสือรับ", "office": "สพป.เชียงราย เขต 4", "be_year": 2569, "form": "received",
        "from_day": "2026-01-01", "to_day": "2026-12-31", "rows": [{"no": n, **row} for n in range(1, 5001)],
    }  # fmt: skip
    out = tmp_path / "a.pdf"
    result = run(pool, "registers:register_task", {"out": str(out), "as": "pdf", "made_at": AT, "sheet": sheet})
    assert result == {"size": out.stat().st_size}
    assert "ทะเบียนหนังสือรับ" in text_of(out)


def test_a_file_that_cannot_be_stamped_is_an_answer_not_a_crash(pool: ChildPool, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 cut off")
    stamp = {"agency": "ก", "number": "7", "received_at": AT}
    job = {"path": str(tmp_path / "a.pdf"), "out": str(tmp_path / "b.pdf"), "stamps": [stamp]}
    assert run(pool, "stamps:stamp_task", job)["refused"]["code"] == "broken"
