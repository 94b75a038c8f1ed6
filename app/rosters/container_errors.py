"""What rules say about groups and buses."""

from app.errors import N_, DomainError


class NameTaken(DomainError):
    """Two of one event can't be called the same."""

    type = "name-taken"
    title = N_("This name is taken")
    message = N_("There is another one called %(name)s already.")
    field = "name"


class TooFewPlaces(DomainError):
    """More people are in it than it would hold."""

    type = "too-few-places"
    title = N_("Too few places")
    message = N_("%(people)s people are in it already. Move some of them first.")
    field = "capacity"


class NotALeader(DomainError):
    """Neither a grown-up who comes nor an employee."""

    type = "not-a-leader"
    title = N_("This person can't lead")
    message = N_("A leader is a grown-up with a seat here, or an employee.")
    field = "leader"


class ContainerClosed(DomainError):
    """Nobody rides in a bus that doesn't come."""

    type = "container-closed"
    title = N_("It is closed")
    message = N_("%(name)s: closed. Open it again first.")


class NoRoomThere(DomainError):
    """It would hold more people than it has places."""

    type = "no-room-there"
    title = N_("Not enough room")
    message = N_("%(name)s: there are %(capacity)s places, with them it would be %(people)s people.")


class NotSeated(DomainError):
    """Only people with a confirmed seat are put into groups and buses."""

    type = "not-seated"
    title = N_("No seat")
    message = N_("One of them has no confirmed seat any more. Look at the list again.")


class NobodyPicked(DomainError):
    """Nothing is ticked."""

    type = "nobody-picked"
    title = N_("Nobody is picked")
    message = N_("Pick the people first, then press the button.")


class NowhereChosen(DomainError):
    """It isn't said where they are to go."""

    type = "nowhere-chosen"
    title = N_("Where to?")
    message = N_("Choose where they are to go, then press the button.")


class NotTwo(DomainError):
    """A swap is between two."""

    type = "not-two"
    title = N_("Pick two people")
    message = N_("Pick exactly two people to swap.")


class NothingToFill(DomainError):
    """There are no groups, or no buses."""

    type = "nothing-to-fill"
    title = N_("Nothing to fill yet")
    message = N_("Make groups or buses first.")


class TooMany(DomainError):
    """More than anybody can look after."""

    type = "too-many-containers"
    title = N_("Too many")
    message = N_("One event has at most %(most)s of them.")
    field = "count"
