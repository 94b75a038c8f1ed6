"""What the web server imports. A wrong setting stops the start with one clear line."""

import sys

from app import create_app
from config import SettingError

try:
    app = create_app()
except SettingError as error:
    print(f"Torangy can't start: {error}", file=sys.stderr)
    raise SystemExit(2) from None
