"""What metrics, units, methods and species are called; translated by whoever shows them."""

from app.errors import N_

METRIC_NAMES = {
    "waste_removed": N_("Waste taken away"),
    "coast_cleaned": N_("Shore cleaned"),
    "coast_walked": N_("Shore walked"),
    "trees_planted": N_("Plants planted"),
    "trees_alive": N_("Plants alive at the recount"),
    "fish_released": N_("Fish released"),
    "participants": N_("People who took part"),
    "children": N_("Children who took part"),
    "hours": N_("Hours of volunteers"),
    "gifts": N_("Gifts given"),
}
# What helps to choose the right one.
METRIC_NOTES = {
    "coast_cleaned": N_("Each kilometre once, however often it is cleaned."),
    "coast_walked": N_("All kilometres that were walked, the same shore again each time."),
    "trees_alive": N_("Of those planted at this event. The last recount counts."),
    "hours": N_("Only what was not counted here: hours of people without a sign-up."),
    "gifts": N_("Only what was not handed out here."),
}
UNIT_NAMES = {
    "t": N_("t"),
    "kg": N_("kg"),
    "m3": N_("m³"),
    "km": N_("km"),
    "m": N_("m"),
    "plants": N_("plants"),
    "fish": N_("fishes"),
    "people": N_("people"),
    "hours": N_("hours"),
    "gifts": N_("gifts"),
    "pieces": N_("pieces"),
    "m2": N_("m²"),
    "ha": N_("ha"),
    "litres": N_("litres"),
    "kwh": N_("kWh"),
    "points": N_("points"),
    "percent": N_("per cent"),
}
METHOD_NAMES = {
    "measured": N_("Measured"),
    "weighed": N_("Weighed"),
    "counted": N_("Counted"),
    "estimated": N_("Estimated"),
    "reported": N_("Reported by others"),
}
SPECIES_NAMES = {
    "carp": N_("Carp"),
    "silver_carp": N_("Silver carp"),
    "grass_carp": N_("Grass carp"),
    "pike_perch": N_("Pike-perch"),
    "bream": N_("Bream"),
    "whitefish": N_("Whitefish"),
    "sturgeon": N_("Sturgeon"),
    "trout": N_("Trout"),
    "marinka": N_("Balkhash marinka"),
    "other": N_("Another species"),
}
