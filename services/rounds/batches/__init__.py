"""The area's file: many schools in one workbook, one version for each."""
