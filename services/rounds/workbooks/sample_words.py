"""How each column of the register is filled in, for the sample workbook's page of words. The examples are nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What goes into a column, and how it looks."""

    rule: str
    example: str


_NAME = "ไม่ใส่คำนำหน้า ไม่เว้นวรรคเกินหนึ่งช่อง"
_UNKNOWN_PARENT = "ไม่ทราบให้ใส่ -"
_AS_IN_REGISTER = "ตามทะเบียนบ้าน"

WORDS: Mapping[str, Words] = {
    "school_smis": Words("รหัสโรงเรียน 8 หลัก ใส่ไว้แล้ว แถวที่มีแต่รหัสและชื่อโรงเรียนไม่นับเป็นนักเรียน", "57040000"),
    "school_name": Words("ชื่อโรงเรียน ไม่มีคำว่า โรงเรียน", "บ้านตัวอย่าง"),
    "citizen_id": Words("เลขประจำตัวประชาชน 13 หลัก หรือรหัส G ตามด้วยตัวเลข 12 หลัก พิมพ์ติดกันไม่มีขีด", "(13 หลัก)"),
    "grade": Words("ชั้นที่เรียนอยู่ เลือกจากรายการ เฉพาะชั้นที่โรงเรียนเปิดสอน", "ป.1"),
    "room": Words("เลขห้อง เริ่มจาก 1 และเรียงกันไม่เว้นเลข", "1"),
    "student_no": Words("เลขประจำตัวของโรงเรียน ไม่ซ้ำกันในโรงเรียน เลข 0 ข้างหน้ามีความหมาย", "0451"),
    "sex": Words("ช หรือ ญ ต้องตรงกับคำนำหน้าชื่อ", "ญ"),
    "title": Words("อายุต่ำกว่า 15 ปี ใช้ เด็กชาย เด็กหญิง", "เด็กหญิง"),
    "first_name": Words(_NAME, "ตัวอย่าง"),
    "last_name": Words(f"{_NAME} ไม่มีนามสกุลให้ใส่ - (เฉพาะผู้ไม่มีสัญชาติไทย)", "สมมติ"),
    "birth_date": Words("วัน/เดือน/ปี พ.ศ. พิมพ์เป็นข้อความ ปีสี่หลัก", "13/05/2555"),
    "age": Words("อายุเต็มปี ณ วันที่ของรอบ", "7"),
    "weight_kg": Words("กิโลกรัม ต้องชั่งจริง ไม่ใส่ 0", "22.5"),
    "height_cm": Words("เซนติเมตร ไม่ใช่เมตร ไม่ใส่ 0", "118"),
    "blood": Words("ไม่ทราบให้ใส่ -", "O"),
    "religion": Words("เลือกจากรายการ", "พุทธ"),
    "race": Words("เชื้อชาติ", "ไทย"),
    "nationality": Words("สัญชาติตามหลักฐาน ไม่มีสัญชาติให้เลือก ไม่มีสัญชาติ", "ไทย"),
    "house_no": Words(f"{_AS_IN_REGISTER} คอลัมน์นี้เป็นข้อความ 123/45 จึงไม่กลายเป็นวันที่", "123/45"),
    "moo": Words("ไม่มีให้ใส่ -", "4"),
    "road": Words("ไม่มีให้ใส่ -", "-"),
    "tambon": Words(f"{_AS_IN_REGISTER} ไม่มีคำว่า ตำบล", "เวียง"),
    "amphoe": Words("ไม่มีคำว่า อำเภอ", "เทิง"),
    "province": Words("ไม่มีคำว่า จังหวัด", "เชียงราย"),
    "guardian_first": Words(f"ผู้ที่นักเรียนอยู่ด้วย ต้องมี {_NAME}", "ตัวอย่าง"),
    "guardian_last": Words(_NAME, "สมมติ"),
    "guardian_job": Words("อาชีพ", "เกษตรกร"),
    "guardian_relation": Words("ผู้ปกครองเป็นอะไรกับนักเรียน", "มารดา"),
    "father_first": Words(_UNKNOWN_PARENT, "ตัวอย่าง"),
    "father_last": Words(_UNKNOWN_PARENT, "สมมติ"),
    "father_job": Words(_UNKNOWN_PARENT, "รับจ้าง"),
    "mother_first": Words(_UNKNOWN_PARENT, "ตัวอย่าง"),
    "mother_last": Words(_UNKNOWN_PARENT, "สมมติ"),
    "mother_job": Words(_UNKNOWN_PARENT, "เกษตรกร"),
    "disadvantage": Words("เลือกหนึ่งประเภท ไม่ด้อยโอกาสให้ใส่ -", "-"),
    "pending_discharge": Words("นักเรียนที่เรียนอยู่ให้ใส่ - ค่าอื่นแปลว่ายังจำหน่ายไม่ได้ และไม่นับจำนวน", "-"),
    "scout": Words("อนุบาลให้ใส่ -", "-"),
    "red_cross": Words("อนุบาลให้ใส่ -", "-"),
    "swims": Words("ว่ายน้ำได้ True ไม่ได้ False ไม่ทราบ -", "False"),
}
