"""The columns of a list of people, with the headers that schools and areas write."""

from __future__ import annotations

from services.schools.imports.layout import Column, Columns
from shared.security.access import ROLES

TITLE, GIVEN, FAMILY, CITIZEN_ID = "title", "given_name", "family_name", "citizen_id"
POSITION, EMAIL, PHONE = "position", "email", "phone"
USERNAME, ROLE, ORGANISATION, HELD_AT = "username", "role", "organisation", "held_at"
FROM, UNTIL = "from", "until"

COLUMNS = Columns(
    known=(
        Column("sequence", "ลำดับ", ("ที่", "ลำดับที่", "no", "no.")),
        Column(TITLE, "คำนำหน้า", ("คำนำหน้าชื่อ", "คำนำหน้านาม", "title"), meaning="คำนำหน้าชื่อ ต้องมี", example="นางสาว"),
        Column(GIVEN, "ชื่อ", ("ชื่อตัว", "given_name", "first_name"), meaning="ชื่อ ต้องมี", example="สมหญิง"),
        Column(FAMILY, "นามสกุล", ("สกุล", "ชื่อสกุล", "family_name", "last_name"), meaning="นามสกุล ต้องมี", example="ใจดี"),
        Column(CITIZEN_ID, "เลขประจำตัวประชาชน",
               ("เลขบัตรประชาชน", "เลขบัตรประจำตัวประชาชน", "เลขประชาชน", "เลขประจำตัวประชาชน 13 หลัก", "เลข 13 หลัก",
                "citizen_id"),
               secret=True, meaning="13 หลัก ใช้หาว่าเป็นคนเดียวกับที่มีในระบบ", example="0000000000000"),
        Column(POSITION, "ตำแหน่ง", ("ตำแหน่ง/วิทยฐานะ", "position"), meaning="ตำแหน่ง", example="ครูชำนาญการ"),
        Column(USERNAME, "ชื่อผู้ใช้", ("ชื่อผู้ใช้งาน", "username", "user name", "user", "บัญชีผู้ใช้"),
               meaning="ตัวอักษร a-z ตัวเลข และ . _ - @ ถ้าเว้นว่างจะไม่เปิดบัญชีให้ รหัสผ่านได้จากสลิปที่พิมพ์ภายหลัง",
               example="somying.j"),
        Column(ROLE, "บทบาท", ("สิทธิ์", "บทบาทในระบบ", "role"),
               meaning="บทบาทในระบบ หลายบทบาทคั่นด้วยจุลภาค ถ้าเว้นว่างจะไม่ให้สิทธิ์", example="ครู",
               choices=tuple(name for role, name in ROLES.items() if role != "ops")),
        Column(ORGANISATION, "หน่วยงาน",
               ("สังกัด", "โรงเรียน", "ชื่อโรงเรียน", "รหัสโรงเรียน", "กลุ่ม", "หน่วยงานที่สังกัด", "organisation"),
               meaning="หน่วยงานที่สังกัด: รหัส SMIS ชื่อโรงเรียน หรือชื่อกลุ่ม (โรงเรียนนำเข้าของตนเองเว้นว่างได้)",
               example="57040001"),
        Column(HELD_AT, "ให้บทบาทที่", ("ขอบเขต", "ขอบเขตของบทบาท", "held_at"),
               meaning="ถ้าไม่ใช่หน่วยงานที่สังกัด เช่น เจ้าหน้าที่ของกลุ่มที่ทำงานทั้งเขต เว้นว่าง = ระบบเลือกให้และแสดงก่อนนำเข้า"),
        Column(FROM, "ตั้งแต่วันที่", ("เริ่มวันที่", "วันที่เริ่ม", "from"), meaning="วัน/เดือน/ปี พ.ศ. เว้นว่าง = วันที่นำเข้า",
               example="16/05/2569"),
        Column(UNTIL, "ถึงวันที่", ("สิ้นสุดวันที่", "วันที่สิ้นสุด", "until"), meaning="วัน/เดือน/ปี พ.ศ. เว้นว่าง = จนกว่าจะสิ้นสุด",
               example="30/09/2569"),
        Column(EMAIL, "อีเมล", ("อีเมล์", "e-mail", "email"), meaning="อีเมล"),
        Column(PHONE, "โทรศัพท์", ("เบอร์โทรศัพท์", "โทร", "โทร.", "เบอร์โทร", "มือถือ", "phone"), is_code=True,
               meaning="9 หรือ 10 หลัก ขึ้นต้นด้วย 0", example="0812345678"),
    ),
    needed=((TITLE,), (GIVEN,), (FAMILY,), (CITIZEN_ID, USERNAME)),
    identity=(CITIZEN_ID, USERNAME, FAMILY),
    label=(GIVEN, FAMILY),
)  # fmt: skip
