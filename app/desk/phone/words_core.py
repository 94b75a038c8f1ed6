"""What phones say around every screen: opening, lock, what is not handed over yet, this phone. Texts to translate."""

from app.desk.phone.wording import Words, ngettext
from app.errors import N_

WORDS: Words = {
    "menu": N_("Menu"),
    "keys": N_("Actions"),
    "update": N_("A new version is here. Tap, then type your PIN."),
    "broken.title": N_("This did not work"),
    "broken.why": N_("What was recorded is kept. Open this page again."),
    # the first time
    "opening.title": N_("Take the event along"),
    "opening.why": N_("%(name)s, everything that you need on the day is then on this phone, without signal too."),
    "opening.pin": N_("Your PIN, six digits"),
    "opening.choose-pin": N_("You have no PIN yet. Choose six digits; they lock this page on your phone."),
    "opening.password": N_("Your password, once"),
    "opening.take": N_("Take along"),
    "opening.lock": N_("It locks after five minutes. After the event it is removed from the phone by itself."),
    "opening.offline": N_("There is no signal. Open this page once with signal; afterwards it works without."),
    "opening.log-in": N_("Log in, then this phone can take the event along."),
    "opening.not-yours": N_("You have no task at this event. Ask the coordinator."),
    "opening.not-secure": N_("This browser can't keep anything safely here. Open the page by https."),
    "opening.no-worker": N_(
        "This browser doesn't keep pages: without signal this page opens only while it stays open."
    ),
    "opening.install": N_(
        "On an iPhone add this page to the home screen first: Safari forgets other pages after a week."
    ),
    "opening.ready": N_("Everything is on this phone."),
    # the lock
    "lock.title": N_("The desk is locked"),
    "lock.why": N_("Type your PIN to go on."),
    "lock.pin": N_("PIN"),
    "lock.open": N_("Unlock"),
    "lock.wrong": N_("This is not the PIN. %(left)s tries are left."),
    "lock.wait": N_("Wait %(seconds)s seconds."),
    "lock.forgotten": N_("Forgotten, or not your phone?"),
    "lock.forget-why": N_("Everything that could be read is removed. What is not handed over yet stays, sealed."),
    # nothing here any more
    "wiped.title": N_("The event is no longer on this phone"),
    "wiped.over": N_("The event is over."),
    "wiped.revoked": N_("The coordinator ended this phone's access, or you logged out."),
    "wiped.tries": N_("The PIN was wrong ten times."),
    "wiped.forgotten": N_("You had it removed."),
    "wiped.log-in": N_("Log in"),
    # handing over
    "hand.unsent": ngettext("%(num)s record is not handed over yet", "%(num)s records are not handed over yet"),
    "hand.why": N_(
        "They are kept, sealed, and go out as soon as there is signal. Or give the file to the coordinator."
    ),
    "hand.file": N_("Save as a file"),
    # the phone is full
    "full.title": N_("Not kept"),
    "full.why": N_("This phone is full. Write it on paper, save the file below, and go on with another phone."),
    "full.again": N_("Try again"),
    "full.soon": N_("This phone is nearly full."),
    # around every screen
    "frame.state": N_("State of this phone"),
    "frame.arrived": N_("arrived"),
    "frame.unsent": ngettext("Not handed over: %(num)s", "Not handed over: %(num)s"),
    "frame.all-sent": N_("All handed over"),
    "frame.no-signal": N_("No signal, all is kept"),
    "frame.log-in": N_("Log in again"),
    "frame.met": N_("last %(time)s"),
    # this phone
    "screen.settings": N_("This phone"),
    "settings.people": ngettext("%(num)s person is on this phone.", "%(num)s people are on this phone."),
    "settings.until": N_("They stay here until %(day)s at the longest."),
    "settings.kept": N_("The browser promised to keep it."),
    "settings.not-kept": N_("The browser may clear it when the phone is full. Hand over often."),
    "settings.clock": ngettext(
        "This phone's clock is %(num)s minute off. Times are corrected.",
        "This phone's clock is %(num)s minutes off. Times are corrected.",
    ),
    "settings.unsent": N_("To hand over"),
    "settings.all-sent": N_("Everything is handed over."),
    "settings.again": N_("Hand over once more"),
    "settings.hands": N_("In the hand"),
    "settings.left": N_("Left hand"),
    "settings.gloves": N_("Gloves: larger keys"),
    "settings.sound": N_("Sound"),
    "settings.vibration": N_("Vibration"),
    "settings.here": N_("Where you stand"),
    "settings.gate": N_("Entrance"),
    "settings.table": N_("Table"),
    "settings.lock": N_("Lock now"),
    "settings.devices": N_("All phones of this event"),
    "settings.forget-ask": N_("Remove the event from this phone"),
    "settings.forget-why": N_("Everything that could be read goes. What is not handed over yet stays, sealed."),
    "settings.forget": N_("Remove it"),
}
