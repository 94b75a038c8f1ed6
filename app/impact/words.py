"""What metrics, methods, stages and categories are called; translated by whoever shows them."""

from app.errors import N_

METRIC_NAMES = {
    "waste_removed": N_("Waste taken away"),
    "coast_cleaned": N_("Shore cleaned"),
    "trees_planted": N_("Plants planted"),
    "fish_released": N_("Fish released"),
    "participants": N_("People who took part"),
    "children": N_("Children who took part"),
}
UNIT_NAMES = {
    "t": N_("t"),
    "kg": N_("kg"),
    "km": N_("km"),
    "m": N_("m"),
    "plants": N_("plants"),
    "fish": N_("fishes"),
    "people": N_("people"),
}
METHOD_NAMES = {
    "measured": N_("Measured"),
    "weighed": N_("Weighed"),
    "counted": N_("Counted"),
    "estimated": N_("Estimated"),
    "reported": N_("Reported by others"),
}
STAGE_NAMES = {"actual": N_("Spent"), "committed": N_("Ordered, not paid yet"), "planned": N_("Planned")}
CATEGORY_NAMES = {
    "total": N_("All costs together"),
    "transport": N_("Transport"),
    "catering": N_("Food"),
    "equipment": N_("Tools and bags"),
    "seedlings": N_("Seedlings and planting"),
    "fish": N_("Young fish"),
    "gifts": N_("Gifts"),
    "services": N_("Services"),
    "other": N_("Other"),
}
TENGE_UNITS = {"tenge": N_("tenge"), "thousand": N_("thousands of tenge")}
