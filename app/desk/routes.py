"""All pages of the desk, room by room, under the roster's blueprint."""

from app.desk.day.routes import bp as day
from app.desk.log.conflict_routes import bp as conflicts
from app.desk.log.walk_in_routes import bp as walk_ins
from app.desk.paper.routes import bp as typing_page
from app.desk.phone.routes import bp as devices
from app.desk.phone.shell_routes import bp as shell
from app.desk.roster.answer_routes import bp as answers
from app.desk.roster.batch_routes import bp as batches
from app.desk.roster.keeping_routes import bp as keeping
from app.desk.roster.message_routes import bp as messages
from app.desk.roster.print_routes import bp as prints
from app.desk.roster.routes import bp
from app.desk.safety.routes import bp as safety
from app.desk.trip.collector_routes import bp as collectors
from app.desk.trip.routes import bp as legs

__all__ = ["bp"]

for room in (
    answers,
    batches,
    collectors,
    conflicts,
    day,
    devices,
    keeping,
    legs,
    messages,
    prints,
    safety,
    shell,
    typing_page,
    walk_ins,
):
    bp.register_blueprint(room)
