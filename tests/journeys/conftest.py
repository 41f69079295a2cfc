"""Journeys through the pages in a real browser, watched for what no page may do.

Every page is guarded: a request to any other machine, an error in the console or an exception of a
script fails the test. Without Chromium the journeys are skipped, and say so. What tests use:

| | |
|---|---|
| `page` | a page of a desktop window, from pytest-playwright |
| `another(js=False, width=320)` | one more page: without JavaScript, or as narrow as a telephone |
| `sign_in(page, membership)` | both factors given, acting in that role |
| `axe_clean(page)` | WCAG 2.2 AA by axe, or the test fails with what axe found |
| `fits(page)` | nothing to scroll sideways |
| `picture(page, "shortlist")` | PNG; the README's in docs/pictures with UNHURRIED_PICTURES=1 |
| `address("/people/")` | the page's address on the live server |
| `looked_over(page)` | all this at 1280 and 320 px, and that the keyboard's place shows |
| `cast` | a practice and a service with somebody in every role, and texts approved |
| `records` | a small practice's fictional extract, as one ZIP |

Wait with `expect(...)`, never with a sleep: under the content security policy
`page.wait_for_function` does not work.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests.journeys.cast import Cast, gathered
from tests.service.conftest import World, signed_in, world

from unhurried.demo.extract.write import write_extract
from unhurried.service.accounts.models import Membership

__all__ = ["signed_in", "world"]

PICTURES = Path(__file__).parents[2] / "docs/pictures"
OF_THE_README = {
    "shortlist", "shortlist-320", "referral", "acknowledgement", "person", "workers-home", "join",
    "yield", "records", "batch", "reply-320", "letter",
    "timeline", "plan", "session", "worksheet-320", "pattern",
}  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OF_THE_BROWSER = ("data:", "blob:", "chrome:", "chrome-extension:")  # its reader of PDF, too
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none",
    # Asked through context.route every request would pass through here, and no page be cached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,  # asks for every style sheet again, for a rule that is not among these
}

# Only what is wrong comes back: all that is right would be half the time of a look.
VIOLATIONS = "asked => axe.run(asked).then(found => ({violations: found.violations}))"

# What the keyboard reaches, and whether being there shows: an outline, a shadow or a colour, of
# the thing itself or of the drawn box beside it.
WHERE_IT_IS_HIDDEN = """main => {
  const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const look = each => ["", "::before"].flatMap(part => [each, each.labels?.[0]].map(one => {
    if (!one) return "";
    const s = getComputedStyle(one, part);
    return [s.outlineStyle, s.boxShadow, s.backgroundColor, s.borderColor].join();
  })).join();
  const hidden = [];
  for (const each of main.querySelectorAll(reached)) {
    if (each.disabled || !each.checkVisibility()) continue;
    document.activeElement?.blur();
    const before = look(each);
    each.focus();
    if (document.activeElement === each && look(each) === before) hidden.push(each.outerHTML);
  }
  document.activeElement?.blur();
  return hidden;
}"""

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop in this thread
expect.set_options(timeout=30_000)  # for a machine with much else to do; nothing waits it out


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Try a journey that failed once more: on a busy machine Chromium loses a key or a click.

    One that fails twice fails; what was seen the first time is kept with the second's report.
    """
    if not item.nodeid.startswith("tests/journeys/"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    failed = [each for each in reports if each.failed]
    if failed:
        item._initrequest()  # type: ignore[attr-defined]  # as pytest itself does before a run
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for each in reports:
            each.sections.append(("The journey's first try", failed[0].longreprtext))
    for each in reports:
        item.ihook.pytest_runtest_logreport(report=each)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's own Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """The same window, language and clock everywhere."""
    return {
        "viewport": {"width": 1280, "height": 900}, "locale": "en-GB",
        "timezone_id": "Europe/London", "reduced_motion": "reduce",
    }  # fmt: skip


class Watch:
    """What pages did that no page may do."""

    def __init__(self, home: str) -> None:
        # A passkey belongs to a name, not to a number: that journey calls the server localhost.
        self.homes = (home, home.replace("127.0.0.1", "localhost"))
        self.wrong: list[str] = []
        # Answers with these numbers are what a journey came to see; the browser notes them too.
        self.awaited = ("400", "403", "404", "405", "409", "422")

    def over(self, context: BrowserContext) -> None:
        """Watch every page of `context`."""
        context.on("request", lambda asked: self._request(asked.url))
        context.on("console", lambda said: self._console(said.type, said.text))
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))

    def _request(self, url: str) -> None:
        if not url.startswith((*self.homes, *OF_THE_BROWSER)):
            self.wrong.append(f"request to {url}")

    def _console(self, kind: str, text: str) -> None:
        if kind != "error" or any(f"status of {number}" in text for number in self.awaited):
            return
        self.wrong.append(f"console: {text}")


@pytest.fixture(autouse=True)
def watch(live_server: LiveServer, context: BrowserContext) -> Iterator[Watch]:
    """Fail the test when a page did what no page may do."""
    watching = Watch(live_server.url)
    watching.over(context)
    yield watching
    assert not watching.wrong, watching.wrong


@pytest.fixture
def address(live_server: LiveServer) -> Callable[[str], str]:
    """The address of a path on the server under test."""
    return lambda path: f"{live_server.url}{path}"


@pytest.fixture
def another(
    browser: Browser, browser_context_args: dict[str, Any], watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Open one more page, in a context of its own."""
    opened: list[BrowserContext] = []

    def make(*, js: bool = True, width: int = 1280, height: int = 900, **more: Any) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(
            **{**browser_context_args, "viewport": viewport, "java_script_enabled": js, **more}
        )
        watch.over(context)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(
    live_server: LiveServer, signed_in: Callable[[Membership], Any]
) -> Callable[[Page, Membership], None]:
    """Sign someone in, both factors given, acting in that role."""

    def act(page: Page, membership: Membership) -> None:
        session = signed_in(membership).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return act


@pytest.fixture
def axe_clean() -> Callable[[Page], None]:
    """Check a page by axe: WCAG 2.2 A and AA, and good practice."""

    def check(page: Page) -> None:
        page.wait_for_load_state()  # its styles, too
        page.evaluate(AXE_SCRIPT)
        found = AxeResults(page.evaluate(VIOLATIONS, AXE))
        assert not found.violations_count, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """Check that a page is no wider than its window."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        width = page.locator("html").evaluate("root => root.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} wide"  # type: ignore[index]

    return check


@pytest.fixture
def looked_over(
    axe_clean: Callable[[Page], None], fits: Callable[[Page], None]
) -> Callable[[Page], None]:
    """Look a page over: axe, the width of a telephone, and the keyboard's place."""

    def check(page: Page) -> None:
        axe_clean(page)
        size = page.viewport_size
        assert size is not None
        page.set_viewport_size({"width": 320, "height": 640})
        fits(page)
        page.keyboard.press("Tab")  # so that the browser shows where the keyboard is
        hidden = page.locator("body").evaluate(WHERE_IT_IS_HIDDEN)
        assert not hidden, f"{page.url}: where the keyboard is does not show: {hidden}"
        page.set_viewport_size(size)

    return check


@pytest.fixture(autouse=True)
def _a_place_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """Uploads and letters go to a folder of the test; everybody is of the test range."""
    settings.UNHURRIED_TEST_NUMBERS = True
    settings.DATA = tmp_path / "data"
    settings.FILES = tmp_path / "data/files"
    settings.EXTRACTS_FOLDER = ""
    settings.PUBLIC_URL = "https://pain.example"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files", "sms": "files", "letter": "files"}


@pytest.fixture
def cast(world: World) -> Cast:
    """Somebody in every role, in a practice and a service ready to work."""
    return gathered(world)


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional extract of a small practice, up to the day before yesterday."""
    folder = tmp_path_factory.mktemp("records")
    as_of = date.today() - timedelta(days=2)  # noqa: DTZ011 - records carry the practice's day
    write_extract(folder, people=300, seed=11, as_of=as_of, practices=1, formats=("csv",))
    packed = shutil.make_archive(str(folder / "linden-surgery"), "zip", folder / "csv")
    return Path(packed)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Take a picture of a page, for people to look at."""

    def take(page: Page, name: str, *, whole: bool = True, at: str = "") -> Path:
        keep = os.environ.get("UNHURRIED_PICTURES") == "1" and name in OF_THE_README
        if not whole:
            page.locator(at or "html").evaluate("part => part.scrollIntoView(true)")
        folder = PICTURES if keep else Path(os.environ.get("UNHURRIED_LOOK", tmp_path))
        folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state()  # its letters, too
        file = folder / f"{name}.png"
        page.screenshot(path=file, full_page=whole, animations="disabled")
        return file

    return take
