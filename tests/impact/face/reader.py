"""Another process that shows the public page: reads a path a line, answers with a line of JSON.

{"status", "made": how many reports it had to make for it, "page"}. A process of its own, with its own cache.
"""

import json
import sys
from pathlib import Path
from typing import Any

from app import create_app
from app.impact.face import routes
from tests.conftest import test_settings


def main(folder: str, database: str) -> None:
    """Answers until its input ends."""
    app = create_app(test_settings(Path(folder), DATABASE_URL=database))
    made: list[Any] = []
    report = routes.gather

    def counted(*args: Any) -> Any:
        made.append(args)
        return report(*args)

    routes.gather = counted
    for line in sys.stdin:
        before = len(made)
        answer = app.test_client().get(line.strip())
        page = answer.get_data(as_text=True)
        print(json.dumps({"status": answer.status_code, "made": len(made) - before, "page": page}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
