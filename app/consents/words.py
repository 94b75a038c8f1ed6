"""What consents, ways of answering and relations are called; translated where they are shown."""

from app.errors import N_

KIND_NAMES = {
    "participation": N_("Taking part"),
    "transport": N_("Going by bus"),
    "medical": N_("Health information and first aid"),
    "photo": N_("Photographs"),
}
CHANNEL_NAMES = {
    "page": N_("on the site"),
    "link": N_("by a link from a letter"),
    "paper": N_("on paper"),
    "institution": N_("by the institution"),
    "api": N_("from another program"),
}
RELATION_NAMES = {
    "parent": N_("parent"),
    "representative": N_("legal representative"),
    "institution": N_("representative of the institution"),
    "": "",
}
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
