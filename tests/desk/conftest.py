"""What the tests of the event day share."""

from tests.api.conftest import program

__all__ = ["program"]
