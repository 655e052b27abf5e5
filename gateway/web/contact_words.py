"""What the kinds of correspondents are called."""

from __future__ import annotations

from gateway.web.language import N_

KINDS = {
    "agency": N_("ส่วนราชการ"),
    "local": N_("องค์กรปกครองส่วนท้องถิ่น"),
    "school": N_("สถานศึกษา"),
    "company": N_("บริษัท ห้างร้าน"),
    "person": N_("บุคคล"),
    "other": N_("อื่น ๆ"),
}
