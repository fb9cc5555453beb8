"""A tab of the console in a real browser."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from talenti.models import User
from tests.people import PASSWORD

DESKTOP = (1440, 900)
PHONE = (390, 844)

# What every page must have, whatever it shows: each control a name, each image a text, no page
# wider than its window. It names the offenders.
FAULTS = """() => {
  const named = (one) =>
    one.labels?.length || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")
    || one.title || one.textContent.trim() || one.placeholder;
  const shown = (one) => one.checkVisibility() && one.type !== "hidden";
  const controls = [...document.querySelectorAll(".t-page input, .t-page select, .t-page textarea,"
    + " .t-page button, .t-page a[href], .t-page summary")];
  const faults = controls.filter((one) => shown(one) && !named(one)).map((one) => one.outerHTML);
  document.querySelectorAll(".t-page img:not([alt])").forEach((one) => faults.push(one.outerHTML));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const doubled = ids.filter((id, at) => id && ids.indexOf(id) !== at);
  if (doubled.length) faults.push(`ids twice: ${doubled}`);
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`wider than the window by ${wide} pixels`);
  return faults;
}"""


@dataclass
class Console:
    """A signed-in tab, and what broke or was blocked in it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the console."""
        self.page.goto(f"{self.address}/admin/{path}")
        return self.page

    def faults(self) -> list[str]:
        """Return what is wrong with the page that is open."""
        found: list[str] = self.page.evaluate(FAULTS)
        return found + self.complaints

    def close(self) -> None:
        """Close the tab and forget its session."""
        self.page.context.close()


def sign_in(browser: Browser, address: str, user: User, size: tuple[int, int] = DESKTOP) -> Console:
    """Return a tab in which `user` has signed in with a password."""
    width, height = size
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    console = Console(page, address)
    page.on("pageerror", lambda error: console.complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and console.complaints.append(said.text))
    page.goto(f"{address}/admin/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{address}/admin/")
    return console
