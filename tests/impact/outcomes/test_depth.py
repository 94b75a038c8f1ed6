"""Results in depth: recounts, shores counted once, density, own metrics, two people at once, plans, proofs, marks."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.actor import SYSTEM
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.events.models import Event
from app.files import open_store
from app.impact.errors import AlreadyWithdrawn
from app.impact.outcomes import errors
from app.impact.outcomes.metric_operations import add_metric, change_metric, retire_metric
from app.impact.outcomes.models import Outcome, OutcomeFile, OwnMetric, ReportMark, Target
from app.impact.outcomes.operations import correct_outcome, record_outcome, withdraw_outcome
from app.impact.outcomes.proofs import LARGEST, add_proofs, read_proof
from app.impact.outcomes.queries import chain_of, outcomes_of, since
from app.impact.outcomes.targets import plan_outcome
from app.impact.reports.queries import impact, impact_json
from app.people.models import Person
from app.privacy.purging import purge
from config import MAX_UPLOAD_BYTES
from tests import factories
from tests.rosters.test_hosts import queries_of

LogIn = Callable[[Person], FlaskClient]
FORM = {"metric": "waste_removed", "quantity": "43", "unit": "t", "method": "weighed"}
PDF = b"%PDF-1.7 an act"
HOW: dict[str, Any] = {"method": "counted", "actor": SYSTEM}


def record(event: Event, quantity: object = 43, **given: Any) -> Outcome:
    values = {"metric": "waste_removed", "unit": "t", "now": clock.now()} | HOW | given
    return record_outcome(event, quantity=quantity, **values)  # type: ignore[arg-type]


def correct(row: Outcome, quantity: object, **given: Any) -> Outcome:
    values = {"unit": row.unit, "now": clock.now()} | HOW | given
    return correct_outcome(row, quantity=quantity, **values)  # type: ignore[arg-type]


def total(metric: str) -> object:
    return impact_json()["metrics"][metric]["value"]


def photo(size: tuple[int, int] = (400, 300)) -> bytes:
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Camera of Nurlan"
    Image.new("RGB", size, "green").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def test_a_later_recount_takes_the_place_of_the_earlier_one(app: Flask) -> None:
    event = factories.event()
    alive = {"metric": "trees_alive", "unit": "plants"}
    record(event, 7100, metric="trees_planted", unit="plants")
    first = record(event, 6000, said_on=date(2024, 5, 1), **alive)
    last = record(event, 5200, said_on=date(2025, 5, 1), **alive)
    assert total("trees_alive") == 5200
    record(event, 6500, said_on=date(2023, 10, 1), **alive)
    assert total("trees_alive") == 5200, "an older count that comes in late changes nothing"
    corrected = correct(last, 5100)
    assert total("trees_alive") == 5100
    withdraw_outcome(corrected, now=clock.now(), actor=SYSTEM)
    assert total("trees_alive") == 6000, "the count before stands again"
    assert [line.row.id for line in outcomes_of([event.id]) if line.row.metric == "trees_alive" and line.counts] == [
        first.id
    ]


def test_no_more_plants_live_than_were_planted(app: Flask) -> None:
    event = factories.event()
    record(event, 7100, metric="trees_planted", unit="plants")
    with pytest.raises(errors.MoreAliveThanPlanted):
        record(event, 7101, metric="trees_alive", unit="plants", sure=True)
    standing = record(event, 7000, metric="trees_alive", unit="plants")
    with pytest.raises(errors.MoreAliveThanPlanted):
        correct(standing, 7200)
    assert total("trees_alive") == 7000


def test_each_kilometre_of_a_shore_counts_once_and_is_walked_as_often_as_it_is(app: Flask) -> None:
    shore = factories.site()
    spring, autumn = factories.event(site=shore), factories.event(site=shore)
    record(spring, 4, metric="coast_cleaned", unit="km", detail="Порт")
    with pytest.raises(errors.SameShore):
        record(autumn, 4, metric="coast_cleaned", unit="km", detail="порт")
    record(autumn, 1, metric="coast_cleaned", unit="km", detail="Пляж")
    for event in (spring, autumn):
        record(event, 4, metric="coast_walked", unit="km")
    assert (total("coast_cleaned"), total("coast_walked")) == (5, 8)


def test_cubic_metres_are_in_the_total_as_tonnes_and_the_density_stays(app: Flask) -> None:
    row = record(factories.event(), "100", unit="m3", density="0,25")
    assert (row.quantity, row.density, row.base_quantity) == (100, Decimal("0.25"), 25)
    assert total("waste_removed") == 25


def test_contractors_work_stands_apart(app: Flask) -> None:
    event = factories.event()
    record(event, 30)
    record(event, 13, by_contractor=True, contractor="ИП Ромашка")
    metric = impact().metrics["waste_removed"]
    assert (metric.value, metric.by_contractor) == (43, 13)


def test_a_day_to_come_is_refused(app: Flask) -> None:
    with pytest.raises(errors.NotYet):
        record(factories.event(), said_on=(clock.now() + timedelta(days=2)).date())


def test_two_corrections_of_different_things_are_put_together(app: Flask) -> None:
    old = record(factories.event(), 43, method="estimated")
    correct(old, 43, method="weighed")
    merged = correct(old, 34, method="estimated", reason="slip")
    assert (merged.quantity, merged.method) == (34, "weighed")
    assert [line.row.quantity for line in chain_of(merged)] == [43, 43, 34]
    assert total("waste_removed") == 34


def test_the_same_correction_twice_is_one(app: Flask) -> None:
    old = record(factories.event(), 43)
    assert correct(old, 34).id == correct(old, 34).id
    assert db.session.query(Outcome).count() == 2


def test_two_different_corrections_show_both_and_the_second_may_win(app: Flask, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    old_id = record(factories.event(), 43, method="weighed").id
    aigul.post(f"/outcomes/{old_id}/correction", data=FORM | {"quantity": "34", "reason": "slip of the pen"})
    answer = aigul.post(f"/outcomes/{old_id}/correction", data=FORM | {"quantity": "35", "said_by": "Сәкен"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="theirs"' in page
    assert "slip of the pen" in page
    assert 'value="35"' in page
    assert "Сәкен" in page, "nothing that was typed is lost"
    newest = db.session.query(Outcome).filter_by(corrects_id=old_id).one()
    assert f"/outcomes/{newest.id}/correction" in page
    assert aigul.post(f"/outcomes/{newest.id}/correction", data=FORM | {"quantity": "35"}).status_code == 303
    assert total("waste_removed") == 35
    redirected = aigul.get(f"/outcomes/{old_id}/correction")
    assert redirected.status_code == 303, "who comes by an old address corrects the newest"


def test_what_was_withdrawn_meanwhile_is_not_corrected_and_nothing_typed_is_lost(app: Flask, log_in: LogIn) -> None:
    aigul, row = log_in(factories.coordinator()), record(factories.event(), 43)
    withdraw_outcome(row, now=clock.now(), actor=SYSTEM)
    answer = aigul.post(f"/outcomes/{row.id}/correction", data=FORM | {"quantity": "35"})
    assert answer.status_code == 422
    assert 'value="35"' in answer.get_data(as_text=True)


def test_bad_input_from_the_page_comes_back_with_a_sentence(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator(language="en")), factories.event().id
    wrong = {"-1": "quantity", "43 t + 12 m3": "quantity", "43 кг": "quantity"}
    for quantity, field in wrong.items():
        page = aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"quantity": quantity})
        assert page.status_code == 422
        assert f'id="{field}-e"' in page.get_data(as_text=True)
    no_unit = {name: value for name, value in FORM.items() if name != "unit"} | {"quantity": "24,370.628"}
    page = aigul.post(f"/events/{event_id}/outcomes", data=no_unit)
    assert page.status_code == 422
    assert "24,370.628” of what?" in page.get_data(as_text=True)
    assert aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"metric": "none"}).status_code == 422
    assert db.session.query(Outcome).count() == 0


def test_a_cancelled_event_has_no_results_and_no_plan(app: Flask, log_in: LogIn) -> None:
    event = factories.event(status="cancelled")
    answer = log_in(factories.coordinator()).post(f"/events/{event.id}/outcomes", data=FORM)
    assert answer.status_code == 409
    with pytest.raises(errors.NothingToReport):
        plan_outcome(event, metric="waste_removed", quantity=5, now=clock.now(), actor=SYSTEM)


def test_the_database_refuses_a_metric_that_nobody_knows_and_volume_without_density(app: Flask) -> None:
    then = factories.LONG_AGO
    plain = {"event_id": factories.event().id, "quantity": 1, "method": "weighed", "recorded_at": then}
    for wrong in ({"metric": "joy", "unit": "t"}, {"metric": "waste_removed", "unit": "m3"}):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(Outcome(**plain, **wrong, base_quantity=1))
            session.flush()


def test_a_coordinator_counts_something_of_their_own(app: Flask, log_in: LogIn) -> None:
    aigul, event = log_in(factories.coordinator()), factories.event()
    form = {"texts-en": "Bird houses", "texts-kk": "Ұялар", "unit": "pieces", "sums": "y", "unlikely_above": "500"}
    assert aigul.post("/impact/metrics", data=form).status_code == 303
    assert "Ұялар" in aigul.get(f"/events/{event.id}/outcomes/new", headers={"Accept-Language": "kk"}).text
    url = f"/events/{event.id}/outcomes"
    said = {"metric": "bird_houses", "quantity": "12", "unit": "pieces", "method": "counted"}
    assert aigul.post(url, data=said).status_code == 303
    assert aigul.post(url, data=said | {"quantity": "501"}).status_code == 422, "somebody is asked"
    assert aigul.post(url, data=said | {"quantity": "1,5"}).status_code == 422
    assert "Ұялар" in aigul.get(url, headers={"Accept-Language": "kk"}).text
    assert total("bird_houses") == 12
    assert aigul.post("/impact/metrics", data=form).status_code == 422, "it is counted already"


def test_an_own_metric_keeps_its_unit_once_figures_stand_in_it_and_goes_out_of_use(app: Flask) -> None:
    event, now = factories.event(), clock.now()
    row = add_metric({"ru": "Скворечники"}, unit="pieces", now=now, actor=SYSTEM)
    record(event, 5, metric=row.key, unit="pieces")
    change: dict[str, Any] = {"sums": False, "unlikely_above": None, "now": now, "actor": SYSTEM}
    with pytest.raises(errors.UnitFixed):
        change_metric(row, {"ru": "Скворечники"}, unit="km", **change)
    change_metric(row, {"ru": "Дома птиц"}, unit="pieces", **change)
    assert row.key not in impact_json()["metrics"], "it has no total now"
    retire_metric(row, now=now, actor=SYSTEM)
    with pytest.raises(errors.UnknownMetric):
        record(event, 6, metric=row.key, unit="pieces")
    assert outcomes_of([event.id])[0].counts, "its figures stay"


def test_a_metric_needs_a_name_and_a_unit_that_we_know(app: Flask) -> None:
    with pytest.raises(errors.NoMetricName):
        add_metric({"ru": " "}, unit="pieces", now=clock.now(), actor=SYSTEM)
    with pytest.raises(errors.UnknownUnit):
        add_metric({"ru": "Ведра"}, unit="buckets", now=clock.now(), actor=SYSTEM)
    assert db.session.query(OwnMetric).count() == 0


def test_the_plan_stands_beside_what_came(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    url, form = f"/events/{event_id}/outcomes/plan", {"metric": "waste_removed", "quantity": "50", "unit": "t"}
    assert aigul.get(f"{url}?metric=waste_removed").status_code == 200
    assert aigul.post(url, data=form).status_code == 303
    aigul.post(f"/events/{event_id}/outcomes", data=FORM)
    assert "86&nbsp;%" in aigul.get(f"/events/{event_id}/outcomes").text
    stale = aigul.post(url, data=form | {"quantity": "60"})
    assert stale.status_code == 422, "another plan stands by now"
    seen = db.session.query(Target).one().id
    assert f'value="{seen}"' in stale.text
    assert aigul.post(url, data=form | {"quantity": "60", "seen": seen}).status_code == 303
    assert db.session.query(Target).filter_by(replaced_at=None).one().quantity == 60
    newest = db.session.query(Target).filter_by(replaced_at=None).one().id
    assert aigul.post(url, data=form | {"quantity": "", "seen": newest}).status_code == 303
    assert db.session.query(Target).filter_by(replaced_at=None).count() == 0


def test_a_photo_is_kept_without_the_camera_and_a_pdf_as_it_is() -> None:
    content, kind = read_proof(photo())
    assert kind == "image/jpeg"
    assert b"Nurlan" not in content
    assert read_proof(PDF) == (PDF, "application/pdf")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"PK\x03\x04 a spreadsheet", errors.FileUnfit),
        (b"", errors.FileUnfit),
        (b"%PDF-" + b"0" * LARGEST, errors.FileTooLarge),
        (b"\xff\xd8\xff and then nothing", errors.FileUnfit),
    ],
)
def test_what_is_no_proof_is_refused_by_what_it_is_inside(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_proof(content)


def test_a_document_comes_with_the_figure_and_is_opened_by_those_who_may(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    files = [(io.BytesIO(PDF), "slip.jpg"), (io.BytesIO(photo()), "photo.pdf")]
    assert aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"files": files}).status_code == 303
    outcome = db.session.query(Outcome).one()
    kinds = {file.media_type: file.id for file in db.session.query(OutcomeFile)}
    assert set(kinds) == {"application/pdf", "image/jpeg"}, "by what they are, whatever they are called"
    pdf_id, outcome_id = kinds["application/pdf"], outcome.id
    shown = aigul.get(f"/outcomes/proofs/{pdf_id}")
    assert (shown.data, shown.mimetype) == (PDF, "application/pdf")
    assert "attachment" in shown.headers["Content-Disposition"]
    assert log_in(factories.employee()).get(f"/outcomes/proofs/{pdf_id}").status_code == 403
    assert aigul.post(f"/outcomes/proofs/{pdf_id}/removal").status_code == 303
    assert aigul.get(f"/outcomes/proofs/{pdf_id}").status_code == 404
    with pytest.raises(FileNotFoundError):
        open_store(current_app.config["TORANGY"]).read(db.session.get_one(OutcomeFile, pdf_id).key)
    assert aigul.get(f"/outcomes/{outcome_id}").status_code == 200


def test_a_figure_with_an_unfit_file_is_not_kept_and_what_was_typed_stays(app: Flask, log_in: LogIn) -> None:
    aigul, event_id = log_in(factories.coordinator()), factories.event().id
    page = aigul.post(f"/events/{event_id}/outcomes", data=FORM | {"files": (io.BytesIO(b"MZ virus"), "photo.jpg")})
    assert page.status_code == 422
    assert 'id="files-e"' in page.text
    assert 'value="43"' in page.text
    assert db.session.query(Outcome).count() == 0


@pytest.mark.full
def test_a_document_of_twenty_megabytes_and_more_is_refused_with_a_sentence(app: Flask, log_in: LogIn) -> None:
    aigul, row = log_in(factories.coordinator()), record(factories.event())
    huge = io.BytesIO(b"%PDF-" + b"0" * MAX_UPLOAD_BYTES)
    answer = aigul.post(f"/outcomes/{row.id}/proofs", data={"files": (huge, "act.pdf")})
    answer.request.input_stream.close()  # the test's own spool
    assert answer.status_code == 413
    assert "20" in answer.text.partition("<main")[2], "the page says how much it may be"


def test_proofs_go_with_their_term_and_a_withdrawn_figure_gets_none(app: Flask) -> None:
    store, row = open_store(current_app.config["TORANGY"]), record(factories.event())
    [kept] = add_proofs(row, [(PDF, "application/pdf")], store=store, now=clock.now(), actor=SYSTEM)
    key = kept.key
    purge(store=store, now=clock.now() + timedelta(days=3651))
    assert db.session.query(OutcomeFile).count() == 0
    with pytest.raises(FileNotFoundError):
        store.read(key)
    row = db.session.get_one(Outcome, row.id)
    withdraw_outcome(row, now=clock.now(), actor=SYSTEM)
    with pytest.raises(AlreadyWithdrawn):
        add_proofs(row, [(PDF, "application/pdf")], store=store, now=clock.now(), actor=SYSTEM)


def test_the_chain_shows_every_figure_that_stood_and_why_it_was_corrected(app: Flask, log_in: LogIn) -> None:
    old = record(factories.event(), 43)
    new = correct(old, 34, reason="tare not taken off")
    for row in (old, new):
        page = log_in(factories.coordinator()).get(f"/outcomes/{row.id}").text
        assert "tare not taken off" in page
        assert "43" in page
        assert "34" in page
    stranger = app.test_client().get(f"/outcomes/{old.id}").text
    assert "43" in stranger
    assert "tare not taken off" not in stranger


def test_a_marked_report_is_told_what_changed_since(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    aigul, event = log_in(factories.coordinator()), factories.event(status="completed")
    row = record(event, 43)
    assert aigul.post("/impact/changes", data={"name": "Директорлар кеңесі"}).status_code == 303
    moment = db.session.query(ReportMark).one().marked_at
    assert since(moment).changes == []
    correct(row, 34, now=clock.now() + timedelta(seconds=5))
    found = since(moment)
    assert [change.kind for change in found.changes] == ["corrected"]
    assert found.totals["waste_removed"].difference == -9
    page = client.get("/impact/changes").text
    assert "Директорлар кеңесі" in page
    assert "\u22129" in page
    assert client.get("/impact/changes?since=2030-13-01").status_code == 404
    assert client.get("/impact/changes?since=2020-01-01").status_code == 200


def test_every_act_is_in_the_log(app: Flask) -> None:
    event, now = factories.event(), clock.now()
    row = record(event)
    add_proofs(row, [(PDF, "application/pdf")], store=open_store(current_app.config["TORANGY"]), now=now, actor=SYSTEM)
    plan_outcome(event, metric="waste_removed", quantity=50, now=now, actor=SYSTEM)
    verbs = {entry.verb for entry in db.session.query(AuditEntry).filter_by(event_id=event.id)}
    assert {"record", "add_proof", "plan_outcome"} <= verbs


def test_a_page_asks_no_more_often_because_there_are_more_figures(app: Flask, log_in: LogIn) -> None:
    aigul, event = log_in(factories.coordinator()), factories.event()
    row = record(event, 1)
    pages = (f"/events/{event.id}/outcomes", f"/outcomes/{row.id}", "/impact/changes?since=2020-01-01")
    row_id, event_id = row.id, event.id
    before = [queries_of(aigul, page) for page in pages]
    row, event = db.session.get_one(Outcome, row_id), db.session.get_one(Event, event_id)
    for number in range(2, 6):
        row = correct(row, number)
        record(event, number, metric="participants", unit="people")
    assert [queries_of(aigul, page) for page in pages] == before
    assert max(before) <= 12


def test_an_own_metric_has_its_name_on_the_programmes_page(app: Flask, client: FlaskClient) -> None:
    event = factories.event(status="completed")
    row = add_metric({"ru": "Скворечники"}, unit="pieces", now=clock.now(), actor=SYSTEM)
    record(event, 5, metric=row.key, unit="pieces")
    assert "Скворечники" in client.get(f"/programmes/{event.programme_id}/expenses").text
