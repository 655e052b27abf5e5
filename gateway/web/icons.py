"""Small line drawings, written into the page: no extra requests, and they take the colour of the text."""

from __future__ import annotations

from gateway.web.svg import Svg

# each drawn on a 24 × 24 grid
_PATHS = {
    "tasks": "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6h8M12 12h8M12 18h8",
    "rounds": "M5 4h14v16H5zM5 9h14M9 2v4M15 2v4M9 14l2 2 4-4",
    "chart": "M4 20h16M7 20v-7M12 20V6M17 20v-10",
    "school": "M12 3v4M12 3l4 1.5-4 1.5M4 20V11l8-4 8 4v9zM10 20v-5h4v5M3 20h18",
    "inbox": "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2h4l1-2h5",
    "ops": "M4 7h16M4 12h16M4 17h16M8 5v4M15 10v4M10 15v4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
    "upload": "M12 16V4M7 9l5-5 5 5M4 20h16",
    "download": "M12 4v12M7 11l5 5 5-5M4 20h16",
    "check": "M5 12l5 5 9-10",
    "alert": "M12 3l10 18H2zM12 10v5M12 17.5v.5",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.5v.5",
    "stop": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 3",
    "back": "M15 5l-7 7 7 7",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.5",
    "more": "M4.5 12h1M11.5 12h1M18.5 12h1",
    "shield": "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
    "people": "M9 11a3 3 0 1 0 0-7 3 3 0 0 0 0 7zM3 20c1-4 3-6 6-6s5 2 6 6M16 4a3 3 0 0 1 0 7M18 15c2 1 3 3 3 5",
    "book": "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11",
    "tree": "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    "letter": "M3 6h18v12H3zM3 7l9 7 9-7",
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
}


def icon(name: str) -> Svg:
    """The drawing called ``name``; decoration only, the words beside it say the same."""
    return Svg(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f'<path d="{_PATHS[name]}"/></svg>'
    )
