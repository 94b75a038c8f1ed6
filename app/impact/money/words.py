"""What stages, categories and the units of money are called; translated by whoever shows them."""

from app.errors import N_

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
FIELD_NAMES = {
    "event_id": N_("Event"),
    "stage": N_("The money is"),
    "amount_tenge": N_("Sum"),
    "category": N_("What for"),
    "supplier": N_("Paid to"),
    "note": N_("Note"),
    "document_no": N_("Number of the document"),
    "spent_on": N_("Paid on"),
}
