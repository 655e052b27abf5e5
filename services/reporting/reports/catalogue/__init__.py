"""The reports, one module each; ``services/reporting/reports/registry.py`` lists them."""
