"""What the stored words of events are called by people: for pages, forms and letters to translate. Pure."""

from app.errors import N_

KINDS = {
    "cleanup": N_("Cleanup day"),
    "planting": N_("Planting"),
    "stocking": N_("Fish stocking"),
    "excursion": N_("Excursion"),
    "celebration": N_("Celebration"),
    "visit": N_("Working visit"),
    "other": N_("Other"),
}
AUDIENCES = {
    "employees": N_("For employees"),
    "families": N_("For families"),
    "children": N_("For children"),
    "institution": N_("By invitation"),
    "everyone": N_("For everyone"),
}
# The same at length, for the page of one event.
AUDIENCES_AT_LENGTH = {
    "employees": N_("For employees of the company"),
    "families": N_("For employees with their families"),
    "children": N_("For employees' children"),
    "institution": N_("For an invited institution"),
    "everyone": N_("For everyone"),
}
PRECISIONS = {
    "minute": N_("Day and time"),
    "day": N_("Only the day"),
    "month": N_("Only the month"),
    "half-year": N_("Only the half-year"),
    "year": N_("Only the year"),
}
SITE_KINDS = {
    "coast": N_("Coast"),
    "nature": N_("Nature"),
    "water": N_("Water"),
    "green-zone": N_("Green zone"),
    "smelter": N_("Smelter"),
    "solar": N_("Solar power station"),
    "museum": N_("Museum"),
    "leisure": N_("Leisure"),
    "other": N_("Other"),
}
PPE = {
    "helmet": N_("helmet"),
    "goggles": N_("goggles"),
    "hi-vis vest": N_("hi-vis vest"),
    "closed shoes": N_("closed shoes"),
    "gloves": N_("gloves"),
    "respirator": N_("respirator"),
}
FULL = {"waitlist": N_("Start a queue"), "refuse": N_("Take nobody more")}
HAZARD_CLASSES = {
    "none": N_("No particular hazard"),
    "raised": N_("Raised hazard"),
    "high": N_("High hazard"),
}
TRANSPORTS = {"own": N_("Everybody comes by themselves"), "bus": N_("A bus takes us there and back")}
PROMOTIONS = {
    "at-once": N_("Given at once"),
    "late-offer": N_("At once; offered near the start"),
    "offer": N_("Always offered first"),
}
APPROVALS = {
    "none": N_("Nobody: a free seat is enough"),
    "coordinator": N_("The coordinator"),
    "manager": N_("Their line manager"),
}
# What a change of one date of a series reaches.
APPLY_TO = {
    "one": N_("Only this date"),
    "all": N_("This one and all of the series that lie ahead"),
}
