"""Sites and programmes: what events are planned from."""

import pytest

from app.db import db
from app.errors import Invalid
from app.events.catalogue import change_programme, change_site, create_programme, create_site
from app.events.models import Programme, Site
from app.events.slugs import slug_of, unused
from tests import factories
from tests.events.drafting import NOW, coordinating


def test_slugs_are_plain_latin_and_never_twice():
    assert slug_of({"kk": "Қала жағалауы"}) == "qala-zhagalauy"
    assert slug_of({"ru": "Зарыбление: «Бертыс» 2022–2023"}) == "zaryblenie-bertys-2022-2023"
    assert slug_of({"kk": "Тоғай", "en": "Turanga grove"}) == "turanga-grove"
    assert slug_of({"kk": "?!"}) == "unnamed"
    assert unused("coast", {"coast", "coast-2"}) == "coast-3"


def test_a_site_gets_its_rules_and_an_address_of_its_own(app):
    factories.city()
    aigul = coordinating(factories.coordinator())
    rules = {"min_age": 12, "adult_child_ratio": 8, "ppe": ["helmet"]}
    sites = [
        create_site(name={"en": "Smelter"}, city="balkhash", kind="smelter", **rules, now=NOW, actor=aigul)
        for _ in range(2)
    ]
    assert [site.slug for site in sites] == ["smelter", "smelter-2"]
    assert (sites[0].min_age, sites[0].adult_child_ratio, sites[0].ppe) == (12, 8, ["helmet"])


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": {}}),
        ("city", {"city": "atlantis"}),
        ("kind", {"kind": "volcano"}),
        ("min_age", {"min_age": 300}),
        ("adult_child_ratio", {"adult_child_ratio": 0}),
    ],
)
def test_a_site_that_can_not_be_is_refused_by_field(app, field, wrong):
    factories.city()
    values = {"name": {"en": "Smelter"}, "city": "balkhash"} | wrong
    with pytest.raises(Invalid) as refusal:
        create_site(**values, now=NOW, actor=coordinating(factories.coordinator()))
    assert list(refusal.value.errors) == [field]
    assert db.session.query(Site).count() == 0


def test_a_site_changes_and_a_wrong_change_leaves_it_as_it_was(app):
    site, aigul = factories.site(), coordinating(factories.coordinator())
    change_site(site, {"min_age": 14}, now=NOW, actor=aigul)
    with pytest.raises(Invalid):
        change_site(site, {"min_age": -1}, now=NOW, actor=aigul)
    assert site.min_age == 14


def test_a_programme_of_one_year_and_one_whose_years_are_turned_round(app):
    aigul = coordinating(factories.coordinator(), None)
    programme = create_programme(name={"en": "Clean Coast"}, first_year=2030, now=NOW, actor=aigul)
    assert (programme.slug, programme.first_year, programme.last_year) == ("clean-coast", 2030, 2030)
    with pytest.raises(Invalid) as refusal:
        change_programme(programme, {"last_year": 2029}, now=NOW, actor=aigul)
    assert list(refusal.value.errors) == ["last_year"]
    change_programme(programme, {"planned_tenge": 138_412_628}, now=NOW, actor=aigul)
    assert programme.planned_tenge == 138_412_628


def test_aigul_adds_a_site_in_her_own_city_alone(log_in):
    factories.city("zhezkazgan")
    aigul = log_in(factories.coordinator("balkhash", language="en"))
    typed = {"name-kk": "Тоғай", "kind": "nature", "city": "balkhash", "min_age": "6"}
    assert aigul.post("/sites/new", data=typed | {"city": "zhezkazgan"}).status_code == 422
    assert aigul.post("/sites/new", data=typed).status_code == 303
    site = db.session.query(Site).one()
    assert (site.city, site.min_age, site.slug) == ("balkhash", 6, "togai")
    assert aigul.post(f"/sites/{site.id}/edit", data=typed | {"min_age": "8", "ppe": ["helmet"]}).status_code == 303
    db.session.expire_all()
    assert (site.min_age, site.ppe) == (8, ["helmet"])


def test_a_coordinator_elsewhere_reads_the_rules_of_a_site_and_changes_none(log_in):
    site = factories.site("balkhash")
    elsewhere = log_in(factories.coordinator("zhezkazgan"))
    assert elsewhere.get("/sites").status_code == 200
    assert elsewhere.get(f"/sites/{site.id}/edit").status_code == 403
    assert elsewhere.get("/sites/nosuchsite/edit").status_code == 404


def test_a_programme_reaches_across_cities_so_one_citys_coordinator_does_not_change_it(log_in):
    programme = factories.programme()
    assert log_in(factories.coordinator("balkhash")).get(f"/programmes/{programme.id}/edit").status_code == 403
    of_all = log_in(factories.coordinator(None))
    typed = {"name-en": "Coast", "first_year": "2030", "last_year": "2031", "planned_tenge": "2 826 000"}
    assert of_all.post(f"/programmes/{programme.id}/edit", data=typed).status_code == 303
    db.session.expire_all()
    assert (programme.last_year, programme.planned_tenge) == (2031, 2_826_000)
    wrong = of_all.post("/programmes/new", data={"name-en": "Trees", "first_year": "soon"})
    assert wrong.status_code == 422
    assert db.session.query(Programme).count() == 1


def test_strangers_and_employees_see_none_of_it(client, log_in):
    for address in ("/sites", "/sites/new", "/programmes", "/programmes/new"):
        assert client.get(address).status_code == 303
        assert log_in(factories.employee()).get(address).status_code == 403
