"""What the web server imports. A wrong setting stops the start with one clear line."""

import gc
import sys

from app import create_app
from config import SettingError

try:
    app = create_app()
except SettingError as error:
    print(f"Torangy can't start: {error}", file=sys.stderr)
    raise SystemExit(2) from None

# What was built at the start stays until the end: the collector need not look through it again and again, nor come
# after every 700 objects of a request that makes thousands.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
