"""The columns of a school list: EMIS's "Excel" with its 28, and the simple list with codes, name and place.

Source: rounds.md §2.3. EMIS writes its as-of date into the headers of pupils and rooms.
"""

from __future__ import annotations

from services.schools.imports.layout import Column, Columns
from services.schools.organisations.rules import RANGES

SMIS, MINISTRY, OBEC6 = "smis", "ministry_code", "obec6_code"
NAME, RANGE = "name", "education_range"
PLACES = ("tambon", "amphoe", "province")
TEXTS = ("name_en", "village", "postcode", "phone", "fax", "email", "website", "founded", "local_authority")
NUMBERS = ("km_to_area", "km_to_amphoe")
CLUSTER, AREA = "cluster", "area_code"
# stale by nature: kept in the report, shown beside the row, never stored as a head count (rounds.md §2.4)
FACTS = ("director", "size", "electricity", "teachers", "pupils", "rooms", "updated")

COLUMNS = Columns(
    known=(
        Column("sequence", "ลำดับ", ("ที่", "ลำดับที่", "no", "no.")),
        Column(SMIS, "รหัส Smis", ("รหัส smis 8 หลัก", "smis", "smis code", "smis_code", "รหัสโรงเรียน", "รหัสสถานศึกษา",
                                  "รหัสโรงเรียน 8 หลัก", "รหัส 8 หลัก"),
               is_code=True, meaning="รหัส SMIS 8 หลัก ใช้หาโรงเรียนในทะเบียน โรงเรียนใหม่ต้องมี", example="57040001"),
        Column(MINISTRY, "รหัสกระทรวง 10 หลัก", ("รหัสกระทรวง", "รหัส 10 หลัก", "ministry_code", "รหัสกระทรวงศึกษาธิการ"),
               is_code=True, meaning="รหัสกระทรวง 10 หลัก", example="1057120116"),
        Column(OBEC6, "รหัส PER CODE", ("per code", "percode", "รหัส 6 หลัก", "รหัส obec 6 หลัก", "obec6_code",
                                               "รหัส percode"),
               is_code=True, meaning="รหัส OBEC 6 หลัก เลข 0 ข้างหน้ามีความหมาย", example="120116"),
        Column(NAME, "โรงเรียน", ("ชื่อโรงเรียน", "ชื่อสถานศึกษา", "สถานศึกษา", "name_th", "ชื่อโรงเรียนภาษาไทย"),
               meaning="ชื่อโรงเรียน โดยไม่มีคำว่า โรงเรียน นำหน้า", example="บ้านศรีลานนา"),
        Column("name_en", "ภาษาอังกฤษ", ("ชื่อภาษาอังกฤษ", "ชื่อโรงเรียนภาษาอังกฤษ", "name_en"), meaning="ชื่อภาษาอังกฤษ"),
        Column("director", "ผู้บริหาร", ("ผู้อำนวยการ", "ชื่อผู้บริหาร")),
        Column(RANGE, "ประเภทการศึกษา", ("ระดับที่เปิดสอน", "education_range", "ระดับการศึกษาที่เปิดสอน"),
               meaning="ระดับที่เปิดสอน โรงเรียนใหม่ต้องมี", example="อนุบาล-ประถมศึกษา", choices=RANGES),
        Column(CLUSTER, "เครือข่าย", ("กลุ่มโรงเรียน", "เครือข่ายพัฒนาคุณภาพ", "กลุ่มเครือข่าย", "ศูนย์เครือข่าย"),
               meaning="กลุ่มโรงเรียน ต้องมีในระบบแล้ว"),
        Column("village", "หมู่บ้าน", ("ที่อยู่",), meaning="ที่อยู่หรือหมู่บ้าน"),
        Column("tambon", "ตำบล", ("ตำบล/แขวง",), meaning="ตำบล", example="ครึ่ง"),
        Column("amphoe", "อำเภอ", ("อำเภอ/เขต",), meaning="อำเภอ", example="เชียงของ"),
        Column("province", "จังหวัด", meaning="จังหวัด", example="เชียงราย"),
        Column("postcode", "รหัส ปณ.", ("รหัสไปรษณีย์", "รหัส ปณ", "postcode"), is_code=True, meaning="รหัสไปรษณีย์ 5 หลัก",
               example="57140"),
        Column("email", "อีเมล์", ("อีเมล", "e-mail", "email"), meaning="อีเมลของโรงเรียน"),
        Column("website", "เว็บไซต์", ("เว็บไซด์", "website", "url"), meaning="เว็บไซต์"),
        Column("local_authority", "อปท.", ("อปท", "องค์กรปกครองส่วนท้องถิ่น"), meaning="องค์กรปกครองส่วนท้องถิ่น"),
        Column("phone", "โทรศัพท์", ("เบอร์โทรศัพท์", "โทร", "โทร."), is_code=True, meaning="หลายเลขคั่นด้วยจุลภาค",
               example="053123456"),
        Column("fax", "โทรสาร", ("แฟกซ์", "fax"), is_code=True, meaning="โทรสาร"),
        Column("founded", "วันที่ก่อตั้ง", ("ก่อตั้งเมื่อ", "วันก่อตั้ง"), meaning="วันที่หรือปี พ.ศ. ที่ก่อตั้ง",
               example="1 พ.ค. 2482"),
        Column("km_to_area", "ระยะทางถึงเขตพื้นที่ (กม.)", ("ระยะทางถึงเขตพื้นที่", "ระยะทางถึงสพป.")),
        Column("km_to_amphoe", "ระยะทางถึงอำเภอ (กม.)", ("ระยะทางถึงอำเภอ",)),
        Column("size", "ขนาดสถานศึกษา", ("ขนาดโรงเรียน",)),
        Column("electricity", "ไฟฟ้า"),
        Column("teachers", "ครู/บุคลากร", ("จำนวนครู", "ครู")),
        Column("pupils", "นักเรียน", ("จำนวนนักเรียน",), begins=True),
        Column("rooms", "ห้องเรียน", ("จำนวนห้องเรียน",), begins=True),
        Column("updated", "ปรับปรุงข้อมูล", ("วันที่ปรับปรุงข้อมูล",)),
        Column(AREA, "รหัสเขตพื้นที่", ("area_code",), is_code=True),
    ),
    needed=((NAME,), (SMIS, MINISTRY, OBEC6)),
    identity=(SMIS, MINISTRY, OBEC6, NAME),
    label=(NAME, SMIS),
)  # fmt: skip
