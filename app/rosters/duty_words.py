"""What roles and skills of a day are called by people, to translate. Pure."""

from app.errors import N_

ROLE_NAMES = {
    "section_leader": N_("Section leader"),
    "first_aid": N_("First aid"),
    "water": N_("Drinking water"),
    "driver": N_("Driver"),
    "other": N_("Other"),
}
SKILL_NAMES = {"first_aid": N_("First aid"), "driver": N_("Driver's licence"), "other": N_("Other skill")}
