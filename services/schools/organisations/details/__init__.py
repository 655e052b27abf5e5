"""The record of a school: how it is reached, where it lies, since when it stands (rounds.md §2.4, "พื้นฐาน")."""
