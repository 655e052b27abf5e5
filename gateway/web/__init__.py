"""What people see: pages, charts, workbooks."""
