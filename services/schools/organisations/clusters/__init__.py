"""School clusters (กลุ่มโรงเรียน, เครือข่ายพัฒนาคุณภาพ): an attribute of schools, no level of the tree (DESIGN §1)."""
