"""Report 7: pupils who travel more than 3 km. The export of DMC has no columns of travel (rounds.md §1.2)."""

from __future__ import annotations

from services.reporting.reports.report import Report

TRAVEL = Report(
    "travel",
    "นักเรียนที่เดินทางเกิน 3 กิโลเมตร",
    "เดินทางเกิน 3 กม.",
    unavailable="ไฟล์ที่ส่งออกจาก DMC ไม่มีคอลัมน์การเดินทางของนักเรียน จึงยังไม่ประเมินรายงานนี้ (ไม่ได้หมายความว่าไม่มีนักเรียน)",
)
