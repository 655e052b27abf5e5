"""The school's workbook on its way back: annotated, corrected cell by cell, tried without handing in, a sample."""
