"""The folded words of events and sites, and for which text each of them was indexed."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import IMPERSONAL, Base, one_of

KINDS = ("event", "site")


class SearchWord(Base):
    """One word of an event's or a site's names in any language; words that begin alike lie side by side."""

    __tablename__ = "search_words"
    __table_args__ = (one_of("kind", *KINDS), Index("ix_search_words_object", "object_id", "kind", "word"))

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(100).with_variant(String(100, collation="C"), "postgresql"), primary_key=True
    )
    object_id: Mapped[str] = mapped_column(String(16), primary_key=True)


class SearchSource(Base):
    """The names for which an object's words stand; the worker compares them with what the names are now."""

    __tablename__ = "search_sources"
    __table_args__ = (one_of("kind", *KINDS),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    object_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    source: Mapped[str] = mapped_column(Text, info=IMPERSONAL)
