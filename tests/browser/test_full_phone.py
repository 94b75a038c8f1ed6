"""A phone whose storage is full, by the browser's own quota: what is not kept is said so, and it goes on once there is
room again."""

import pytest
from playwright.sync_api import Page, expect

from app.desk.phone.words import spoken
from tests.browser.conftest import assert_accessible
from tests.browser.desk_day import Day, Server, day, rows, server, wait_for

__all__ = ["day", "server"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ROOM = 1024 * 1024
USED = "navigator.storage.estimate().then(({ usage }) => usage)"
# Somebody's photographs: written until not even the smallest goes in.
FILL = """async () => {
  const base = await new Promise((yes, no) => {
    const asked = indexedDB.open("photographs", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("rows", { autoIncrement: true });
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  const kept = (size) => new Promise((yes) => {
    const tx = base.transaction("rows", "readwrite", { durability: "strict" });
    tx.objectStore("rows").add(crypto.getRandomValues(new Uint8Array(Math.min(size, 65536))).buffer);
    tx.oncomplete = () => yes("");
    tx.onabort = () => yes(tx.error.name);
  });
  const said = new Set();
  let pieces = 0;
  for (const size of [65536, 4096, 256]) {
    for (;;) {
      const why = await kept(size);
      if (why) { said.add(why); break; }
      pieces += 1;
    }
  }
  base.close();
  return { said: [...said], pieces };
}"""
EMPTY = """() => new Promise((yes, no) => {
  const asked = indexedDB.deleteDatabase("photographs");
  asked.onsuccess = () => yes();
  asked.onerror = () => no(asked.error);
})"""

# As after a tap that took it.
DROP_BALLAST = """() => new Promise((yes) => {
  indexedDB.open("torangy-desk").onsuccess = ({ target: { result: base } }) => {
    const tx = base.transaction("ballast", "readwrite");
    tx.objectStore("ballast").clear();
    tx.oncomplete = () => { base.close(); yes(); };
  };
})"""


def test_what_a_full_phone_does_not_keep_is_said_so_and_it_goes_on_when_there_is_room(day: Day, server: Server) -> None:
    day.phone.start()
    day.take_along()
    used = day.page.evaluate(USED)
    day.phone.stop()
    server.go()
    page = day.phone.start(offline=True, before=lambda page: shrink(day, page, used + ROOM))
    day.open()
    day.unlock()
    day.let_in(day.tickets[0])
    day.is_unsent(1)

    assert page.evaluate(FILL)["said"] == ["QuotaExceededError"]
    day.let_in(day.tickets[1])  # into the room that was held back for this
    expect(page.locator("#unsent")).to_contain_text(spoken("ru")["full.soon"])
    page.evaluate(FILL)
    day.type(day.tickets[2])
    is_not_kept(day, 2)
    assert_accessible(page)
    with page.expect_download() as saved:
        page.locator("[data-key=export]").click()
    assert saved.value.suggested_filename == f"torangy-{day.event_id}-2.json"
    page.reload()
    day.unlock()
    is_not_kept(day, 2)

    server.come()  # what lies on it goes out all the same
    day.phone.offline(False)
    wait_for(day, ["check_in"] * 2)
    day.is_unsent(0)
    server.go()
    day.phone.offline(True)
    page.evaluate(EMPTY)
    page.locator(".key", has_text=spoken("ru")["full.again"]).click()
    day.unlock()
    expect(page.locator("#arrived")).to_have_text("2 / 4")
    day.let_in(day.tickets[2])
    day.is_unsent(1)
    server.come()
    day.phone.offline(False)
    wait_for(day, ["check_in"] * 3)

    page.evaluate(FILL)
    page.evaluate(DROP_BALLAST)
    page.evaluate(FILL)
    page.reload()
    page.locator("details.more summary").click()
    page.locator("[data-key=forget]").click()
    page.locator("body[data-screen=wiped]").wait_for()
    assert rows(page) == {"state": 0, "feed": 0, "mine": 0, "outbox": 0}


def shrink(day: Day, page: Page, room: int) -> None:
    """So much may this site keep on the phone, from the start of the browser on: a number that it has looked up counts
    for half a minute."""
    assert day.phone.context
    told = day.phone.context.new_cdp_session(page)
    told.send("Storage.overrideQuotaForOrigin", {"origin": day.phone.url, "quotaSize": room})


def is_not_kept(day: Day, unsent: int) -> None:
    """The last tap is not on the phone, and it says so over the whole screen in Aigul's language."""
    words = spoken("ru")
    result = day.page.locator("#result[data-verdict=stop]")
    expect(day.page.locator("body")).to_have_attribute("data-screen", "full")
    expect(result.locator("h1")).to_have_text(words["full.title"])
    expect(result).to_contain_text(words["full.why"])
    assert rows(day.page)["outbox"] == unsent
