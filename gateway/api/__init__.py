"""The HTTP API: one module a resource. Handlers say which owner answers; schemas say what may be asked."""
