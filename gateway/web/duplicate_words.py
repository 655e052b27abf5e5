"""What the states, kinds and steps of duplicates across schools are called."""

from __future__ import annotations

from gateway.web.language import N_

STATES = {
    "OPEN": N_("รอวินิจฉัย"),
    "SETTLED": N_("วินิจฉัยแล้ว"),
    "CARRIED": N_("ยกไปรอบถัดไป"),
    "GONE": N_("ไม่ซ้ำแล้ว"),
}

# the colour of a state
STATE_KINDS = {"OPEN": "warn", "SETTLED": "good", "CARRIED": "info", "GONE": "idle"}

KINDS = {
    "same_id": N_("เลขประจำตัวเดียวกัน"),
    "same_person": N_("ชื่อและวันเกิดเดียวกัน เลขต่างกัน"),
    "near_id": N_("ชื่อเดียวกัน เลขเกือบเหมือนกัน"),
}

EVENTS = {
    "found": N_("พบว่าซ้ำซ้อน"),
    "evidence": N_("แนบเอกสาร"),
    "settled": N_("วินิจฉัย"),
    "carried": N_("ยกไปรอบถัดไป"),
    "reopened": N_("เปิดพิจารณาใหม่"),
    "gone": N_("ไม่ซ้ำแล้ว ไฟล์ใหม่ไม่มีนักเรียนคนนี้"),
}
