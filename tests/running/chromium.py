"""A real browser: pages at the widths of a desk and of a phone, their pictures, what the browser complains about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.running.api import PASSWORD

EXECUTABLE = "/usr/bin/chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


class Desk:
    """Browsers of several people at one system. Pictures go to ``$KHET_SCREENSHOTS``, else to ``folder``."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser = browser
        self.url = url
        self._folder = Path(os.environ.get("KHET_SCREENSHOTS") or folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.complaints: list[str] = []

    def open(self, size: dict[str, int], **options: object) -> Page:
        """A page of a session of its own. Script errors and breaches of the content policy are kept as complaints."""
        context = self._browser.new_context(base_url=self.url, viewport=size, locale="th-TH", **options)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda line: self.complaints.append(line.text) if "Content Security" in line.text else None
        )
        return page

    def elsewhere(self, url: str) -> Desk:
        """The same browser at another system; there is one browser at a time."""
        return Desk(self._browser, url, self._folder)

    def shot(self, page: Page, name: str) -> None:
        """A picture of the whole page, which must not be wider than the screen and has one main heading."""
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{name} is {width} wide"
        assert page.locator("h1").count() == 1, name
        page.screenshot(path=self._folder / f"{name}.png", full_page=True)


    def keep(self, picture: Image.Image, name: str) -> None:
        """A picture of something else that people look at, paper for one."""
        picture.save(self._folder / f"{name}.png")


@contextmanager
def desk(url: str, folder: Path) -> Iterator[Desk]:
    """Chromium for the block; what it complained about fails the test at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        try:
            opened = Desk(browser, url, folder)
            yield opened
            assert opened.complaints == []
        finally:
            browser.close()


def sign_in(page: Page, username: str, password: str = PASSWORD, heading: str = "งานของฉัน") -> None:
    """Log in on the page that asks for it."""
    page.goto("/login")
    page.get_by_label("ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน").fill(password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
