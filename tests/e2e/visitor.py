"""Somebody at a browser who looks at every page that they pass."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Names stay as they are, and so do quotations and what is marked as another language.
APART = "script, style, code, pre, option, .team, .mono, .prose, .task .by, .facts b, [lang]:not(html)"
TEXTS = """apart => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(apart)) found.push(walker.currentNode.data.trim());
  }
  return found.filter((text) => text);
}"""
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")


@dataclass
class Visitor:
    """A page of a browser, the language that it asks for, and what went wrong on it."""

    page: Page
    tag: str
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, context: BrowserContext, tag: str) -> "Visitor":
        """A new one; whatever the browser complains about is a fault, a broken content policy too."""
        found = cls(context.new_page(), tag)
        page, faults = found.page, found.faults
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return found

    def open(self, address: str) -> Page:
        """Go to a page and look at it."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address} answers {answer.status}"
        self.look()
        return self.page

    def press(self, name: str) -> None:
        """A button or link of this name, then a look at where it leads."""
        control = self.page.get_by_role("button", name=name, exact=True)
        (control.or_(self.page.get_by_role("link", name=name, exact=True))).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **values: str) -> None:
        """Fields by their ids."""
        for key, value in values.items():
            control = self.page.locator(f"#{key}")
            if control.evaluate("field => field.localName") == "select":
                control.select_option(value)
            else:
                control.fill(value)

    def look(self) -> None:
        """The page is in the language asked for, fits a phone, and the browser has no complaint."""
        where = self.page.url
        assert self.page.get_attribute("html", "lang") == self.tag, where
        assert not self.faults, f"{where}: {self.faults}"
        self.page.set_viewport_size(NARROW)
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where
        self.page.set_viewport_size(WIDE)
        if self.tag == "zh-CN":
            left = [text for text in self.page.evaluate(TEXTS, APART) if ENGLISH.search(text)]
            assert not left, f"{where}: {left}"
