"""Every column that could hold personal data says so, with its kind and its term."""

from sqlalchemy import JSON, Date, String, Text

import app.models  # noqa: F401 - all tables
from app.columns import EncryptedText, Json
from app.db import db

COULD_HOLD = (String, Text, Date, JSON, Json, EncryptedText)


def test_every_text_date_and_json_column_is_declared():
    undeclared = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, COULD_HOLD)
        and not column.foreign_keys
        and not column.primary_key
        and "personal" not in column.info
    ]
    assert not undeclared, (
        "Say info=personal(kind, term) or info=IMPERSONAL (somebody looked, it holds nothing about a person):\n"
        + "\n".join(undeclared)
    )


def test_personal_columns_name_their_kind_and_term():
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            declared = column.info.get("personal")
            assert declared is None or (declared["kind"] and declared["term"]), f"{table.name}.{column.name}"


def test_health_is_encrypted_in_its_column():
    column = db.metadata.tables["medical_notes"].columns["text"]
    assert isinstance(column.type, EncryptedText)
