"""One example of the data of every event schema, as its owner publishes them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from shared.bus.contracts.rounds import DuplicateState, RoundState, SchoolRoundState, SnapshotState, SubmissionState
from shared.bus.contracts.schools import ProfileState, SchoolState

ROUND_ID = "01990000-0000-7000-8000-000000000001"
SUBMISSION_ID = "01990000-0000-7000-8000-000000000002"
ORG_PATH = "/obec/5704/57040001/"
TABLES: dict[str, Any] = {
    "classes": [
        {"grade": "ป.1", "room": 1, "male": 7, "female": 9},
        {"grade": None, "room": None, "male": 1, "female": 0},
    ],
    "ages": [{"age": 6, "male": 7, "female": 9}, {"age": None, "male": 1, "female": 0}],
    "disadvantage": [{"kind": "3", "grade": "ป.1", "male": 2, "female": 1}],
    "nationality": [{"kind": "099", "male": 8, "female": 9}],
    "religion": [{"kind": "1", "male": 8, "female": 9}],
}

EXAMPLES: dict[type[Schema], dict[str, Any]] = {
    SchoolState: {
        "smis": "57040001",
        "ministry_code": "1057120001",
        "obec6_code": None,
        "area_code": "5704",
        "area_name": "สพป.เชียงราย เขต 4",
        "name": "บ้านตัวอย่าง",
        "education_range": "อ.2-ป.6",
        "tambon": "เวียง",
        "amphoe": "เทิง",
        "province": "เชียงราย",
        "org_path": ORG_PATH,
        "state": "OPEN",
        "one_teacher": False,
        "main_school": None,
        "successor": None,
        "cluster": "กลุ่มโรงเรียนตัวอย่าง",
        "name_en": "Ban Tua Yang School",
        "village": "บ้านตัวอย่าง หมู่ 3",
        "postcode": "57160",
        "website": "https://www.example.ac.th",
        "founded": "พ.ค. 2482",
        "founded_year_be": 2482,
        "local_authority": "อบต.ตัวอย่าง",
        "km_to_area": 35.5,
        "km_to_amphoe": 12.0,
        "latitude": 19.69,
        "longitude": 100.21,
        "highland": None,
    },
    ProfileState: {
        "smis": "57040001",
        "org_path": ORG_PATH,
        "year_be": 2569,
        "rooms_by_grade": {"ป.1": 1, "ป.2": 2},
    },
    RoundState: {
        "round_id": ROUND_ID,
        "system": "dmc",
        "year_be": 2569,
        "round_no": 1,
        "title": "DMC ปีการศึกษา 2569 รอบที่ 1",
        "as_of_date": "2026-06-10",
        "open_at": "2026-05-16T00:00:00+07:00",
        "school_deadline": "2026-06-10T23:59:59+07:00",
        "certify_deadline": "2026-06-15T23:59:59+07:00",
        "area_ack_deadline": "2026-06-20T23:59:59+07:00",
        "close_at": "2026-06-30T23:59:59+07:00",
        "state": "OPEN",
        "org_path": "/obec/5704/",
    },
    SchoolRoundState: {
        "round_id": ROUND_ID,
        "round_title": "DMC ปีการศึกษา 2569 รอบที่ 1",
        "smis": "57040001",
        "name": "บ้านตัวอย่าง",
        "amphoe": "เทิง",
        "org_path": ORG_PATH,
        "state": "CONFIRMED",
        "locked_from": None,
        "version": 2,
        "submission_id": SUBMISSION_ID,
        "school_deadline": "2026-06-10T23:59:59+07:00",
        "certify_deadline": "2026-06-15T23:59:59+07:00",
        "confirmed_at": "2026-06-09T10:00:00+07:00",
        "on_hold": False,
        "reason": None,
    },
    SubmissionState: {
        "submission_id": SUBMISSION_ID,
        "round_id": ROUND_ID,
        "smis": "57040001",
        "org_path": ORG_PATH,
        "version": 2,
        "state": "READY",
        "counts": {"rows": 17, "error": 0, "warn": 1},
        "tables": TABLES,
    },
    DuplicateState: {
        "case_id": "01990000-0000-7000-8000-000000000003",
        "round_id": ROUND_ID,
        "round_title": "DMC ปีการศึกษา 2569 รอบที่ 1",
        "org_path": "/obec/5704/",
        "kind": "same_id",
        "first_smis": "57040001",
        "first_name": "บ้านตัวอย่าง",
        "first_org_path": ORG_PATH,
        "second_smis": "57040002",
        "second_name": "บ้านตัวอย่างสอง",
        "second_org_path": "/obec/5704/57040002/",
        "state": "SETTLED",
        "keep": "57040001",
        "found_at": "2026-06-08T03:00:00+00:00",
        "found_by": SUBMISSION_ID,
        "found_with": 2,
        "decided_at": "2026-06-09T03:00:00+00:00",
    },
    SnapshotState: {
        "round_id": ROUND_ID,
        "smis": "57040001",
        "org_path": ORG_PATH,
        "submission_id": SUBMISSION_ID,
        "version": 2,
        "sha256": "0" * 64,
        "locked_from": "CERTIFIED",
        "taken_at": "2026-06-30T16:59:59+00:00",
        "tables": TABLES,
    },
}
