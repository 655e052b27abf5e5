"""The words that DMC knows for a column: what is counted apart in the tables, and what the sample workbook offers.

Sources: Ministry data standard (disadvantage 10-21), DOPA (nationalities of the border), DMC entry form (the rest).
"""

from __future__ import annotations

from collections.abc import Mapping

GRADES = (
    *(f"อ.{number}" for number in range(1, 4)),
    *(f"ป.{number}" for number in range(1, 7)),
    *(f"ม.{number}" for number in range(1, 7)),
    *(f"ปวช.{number}" for number in range(1, 4)),
)
NATIONALITIES = ("ไทย", "เมียนมา", "พม่า", "ลาว", "กัมพูชา", "จีน", "เวียดนาม", "ไม่มีสัญชาติ")
RELIGIONS = ("พุทธ", "อิสลาม", "คริสต์", "ซิกส์", "พราหมณ์/ฮินดู", "อื่นๆ")
DISADVANTAGES = (
    "เด็กถูกบังคับให้ขายแรงงาน", "เด็กที่อยู่ในธุรกิจทางเพศ", "เด็กถูกทอดทิ้ง",
    "เด็กในสถานพินิจและคุ้มครองเยาวชน", "เด็กเร่ร่อน", "ผลกระทบจากเอดส์", "ชนกลุ่มน้อย",
    "เด็กที่ถูกทำร้ายทารุณ", "เด็กยากจน", "เด็กที่มีปัญหาเกี่ยวกับยาเสพติด", "กำพร้า",
    "ทำงานรับผิดชอบตนเองและครอบครัว", "ไม่ด้อยโอกาส",
)  # fmt: skip
UNKNOWN = "-"

# What a column takes, by field; "-" where the file may leave it unknown.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "grade": GRADES,
    "sex": ("ช", "ญ"),
    "title": ("เด็กชาย", "เด็กหญิง", "นาย", "นางสาว", "สามเณร"),
    "blood": ("A", "B", "AB", "O", UNKNOWN),
    "religion": RELIGIONS,
    "race": (*(name for name in NATIONALITIES if name != "ไม่มีสัญชาติ"), UNKNOWN),
    "nationality": NATIONALITIES,
    "guardian_relation": ("บิดา", "มารดา", "ปู่", "ย่า", "ตา", "ยาย", "ลุง", "ป้า", "น้า", "อา", "พี่", "ญาติ", "อื่นๆ"),
    "disadvantage": (*DISADVANTAGES, UNKNOWN),
    "scout": ("ลูกเสือ/เนตรนารี", "เหล่าอากาศ", "เหล่าสมุทร", "ไม่เป็นลูกเสือ/เนตรนารี", UNKNOWN),
    "red_cross": ("เป็นสมาชิกยุวกาชาด", "ไม่เป็นสมาชิกยุวกาชาด", UNKNOWN),
    "swims": ("True", "False", UNKNOWN),
}
# Lists that are complete: another word in the column is an error, not a rare case.
CLOSED = frozenset({"grade", "sex", "swims"})
