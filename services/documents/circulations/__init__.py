"""Letters circulated inside (หนังสือเวียนภายใน): to whom, who has read, and taken back."""
