"""What happens to a school: opened, renamed, given other codes or grades, taught elsewhere, merged, closed."""
