"""Somebody who works with a phone all day, quickly, and remembers every tap.

Tickets come as from a scanner on a cable, which types them into the page; what is touched is clicked within it. The
app's screens do the rest: nothing is recorded past them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, expect

from tests.browser.desk_day import Day, rows

SHOWS = {"door": "#result", "gifts": "#gift-person"}
TYPE = """const type = (ticket) => [...ticket, "Enter"].forEach((key) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));"""
# Each ticket once the one before it is answered; tells of every answer as it comes.
SCAN = f"""async ({{ tickets, pause = 0 }}) => {{
  {TYPE}
  const found = [];
  for (const ticket of tickets) {{
    const box = document.getElementById("result");
    const answer = new Promise((yes, no) => {{
      const late = setTimeout(() => no(new Error(`no answer to ${{ticket}}`)), 10000);
      new MutationObserver((_, seen) => {{
        if (!box.dataset.verdict) return;
        seen.disconnect();
        clearTimeout(late);
        yes(box.dataset.verdict);
      }}).observe(box, {{ childList: true }});
    }});
    type(ticket);
    found.push(await answer);
    console.info(`answered ${{ticket}}`);
    if (pause) await new Promise((yes) => setTimeout(yes, pause));
  }}
  return found;
}}"""
GIVE = f"""async (gifts) => {{
  {TYPE}
  const shown = async (selector, words = "") => {{
    for (const till = performance.now() + 10000; performance.now() < till; ) {{
      const one = document.querySelector(selector);
      if (one?.textContent.includes(words)) return one;
      await new Promise((yes) => setTimeout(yes, 2));
    }}
    throw new Error(`${{selector}} ${{words}} never came`);
  }};
  for (const [ticket, name, size] of gifts) {{
    type(ticket);
    await shown("#gift-person h2", name);
    (await shown(`[data-key=give][data-size="${{size}}"]`)).click();
    await shown(`.gift-had[data-size="${{size}}"]`);
  }}
}}"""


@dataclass(frozen=True)
class Guest:
    """Somebody who comes: the ticket, the name as the phone says it."""

    ticket: str
    name: str


@dataclass
class Hands(Day):
    """One person with a phone, and what they tapped: (kind, ticket)."""

    account_id: str = ""
    taps: list[tuple[str, str]] = field(default_factory=list)

    def scan(self, guests: Sequence[Guest]) -> None:
        """One after another, all welcome."""
        assert set(self.answers(guests)) == {"go"}
        self.taps += [("check_in", one.ticket) for one in guests]

    def answers(self, guests: Sequence[Guest]) -> list[str]:
        """What the entrance says to each of them; only "go" records something."""
        self.show("door")
        told: list[str] = self.page.evaluate(SCAN, {"tickets": [one.ticket for one in guests]})
        return told

    def scan_until_it_dies(self, guests: Sequence[Guest], *, after: int) -> int:
        """The battery is out in the middle of them; how many were answered before."""
        answered: list[str] = []

        def heard(said: ConsoleMessage) -> None:
            if said.text.startswith("answered"):
                answered.append(said.text)

        self.show("door")
        self.page.on("console", heard)
        crowd = {"tickets": [one.ticket for one in guests], "pause": 100}  # ms, so that it is amid them
        self.page.evaluate(f"(crowd) => void ({SCAN})(crowd)", crowd)
        while len(answered) < after:
            self.page.wait_for_timeout(20)
        self.phone.kill()
        return len(answered)

    def scan_again(self, guests: Sequence[Guest]) -> int:
        """Nobody knows who was in and who wasn't; how many were. Each is in now, by one tap."""
        answers = Counter(self.answers(guests))
        assert answers.keys() <= {"go", "look"}
        self.taps += [("check_in", one.ticket) for one in guests]
        return answers["look"]

    def take_back(self, guest: Guest) -> None:
        """That was the wrong one."""
        self.scan([guest])
        self.page.locator("[data-key=undo]").click()
        expect(self.page.locator(".door-note")).to_contain_text(guest.name)
        self.taps.append(("undo", guest.ticket))

    def give(self, guests: Sequence[Guest], size: str) -> None:
        """Each gets this size."""
        self.show("gifts")
        self.page.evaluate(GIVE, [[one.ticket, one.name, size] for one in guests])
        self.taps += [(f"hand_out {size}", one.ticket) for one in guests]

    def show(self, screen: str) -> None:
        """This screen; another one is left for it."""
        if self.page.locator("body").get_attribute("data-screen") != screen:
            self.page.evaluate("(screen) => { location.hash = screen; }", screen)
        self.page.locator(SHOWS[screen]).wait_for(state="attached")

    def wake(self) -> None:
        """The phone is opened again without signal."""
        self.phone.start(offline=True)
        self.open()
        self.unlock()
        self.page.locator("body[data-screen=door]").wait_for()

    def has(self, arrived: str, left: dict[str, int], guest: Guest) -> None:
        """So many came ("3 / 4"), and so many gifts are left; the guest hasn't got theirs. All is handed over."""
        expect(self.page.locator("#arrived")).to_have_text(arrived, timeout=30_000)
        self.show("gifts")
        self.page.evaluate(f"(ticket) => {{ {TYPE} type(ticket); }}", guest.ticket)
        for size, pieces in left.items():
            key = self.page.locator(f"[data-key=give][data-size={size}]")
            expect(key).to_have_attribute("data-left", str(pieces), timeout=30_000)
        assert rows(self.page)["outbox"] == 0
