"""The gates a school's data pass: ยืนยัน, รับรอง, รับทราบ, and the ways back."""
