"""What our mails say: to everyone, in both languages, however odd the names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from local import auth_mails
from services import mails
from services.models.deliveries import Delivery
from services.news import NEWS
from services.outside.mail import OutgoingMail
from tests.contract.mail_samples import FACTS, SETTINGS, delivery

KINDS = ["order_confirmed", "order_expired_refund", *NEWS]
ROOT = Path(__file__).parents[2]
LINK = "https://guichet.example/orders/GC2026-7K3M9Q"


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[None]:
    with create_app(SETTINGS).app_context():
        yield


def write(kind: str = "order_confirmed", **changes: Any) -> OutgoingMail:
    changes["data"] = FACTS.get(kind, {}) | changes.get("data", {})
    return mails.write(Delivery.model_validate(delivery(kind, **changes)), SETTINGS.site_url)


class Reader(HTMLParser):
    """The words a person sees in a mail, and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._unseen = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._unseen += tag in ("style", "title")
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.parts).replace("\u2060", "").split())


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_confirmation_says_everything_in_both_parts() -> None:
    message = write(locale="en")
    assert message.subject == "Confirmed: French and English over a beer"
    for words in (Reader(message.html).words, plain(message.text)):
        for fact in (
            "Your 2 seats are confirmed.",
            "Hello Ana Ruiz,",
            "French and English over a beer",
            "Friday 27 November 2037, 19:00–20:00",
            "Brussels time (Central European Standard Time)",
            "Le Phare du Kanaal",
            "Quai des Charbonnages 40",
            "1080 Brussels, Belgium",
            "GC2026-7K3M9Q",
            "2 × Standard",
            "Early-bird price",
            "€14.00",
            "including €2.43 VAT",
            "Bilal Haddad",
            "You can cancel before Fri 27 Nov 2037, 16:00, Brussels time.",
            "Organized by Tandem Bruxelles.",
        ):
            assert fact in words
        assert "Chloé" not in words  # whose seat was given back
        assert "without signing in" not in words
    assert LINK in Reader(message.html).links
    assert LINK in message.text


def test_a_confirmation_in_french() -> None:
    message = write(locale="fr")
    assert message.subject == "Commande confirmée : French and English over a beer"
    for words in (Reader(message.html).words, plain(message.text)):
        for fact in (
            "Vos 2 places sont confirmées.",
            "Bonjour Ana Ruiz,",
            "Vendredi 27 novembre 2037, 19:00–20:00",
            "Bruxelles, heure normale d’Europe centrale",
            "Belgique",
            "Tarif anticipé",
            "Vous pouvez annuler avant le ven. 27 nov. 2037, 16:00 (heure locale : Bruxelles).",
            "14,00 €",
            "dont 2,43 € de TVA",
        ):
            assert plain(fact) in words
    assert '<html lang="fr"' in message.html


@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left_in_a_french_mail(kind: str) -> None:
    english, french = write(kind, locale="en"), write(kind, locale="fr")
    names = {"Le Phare du Kanaal", "Quai des Charbonnages 40", "French and English over a beer", "Ana Ruiz"}
    same = set(english.text.splitlines()) & set(french.text.splitlines()) - names - {"", "--"}
    assert {
        line for line in same if re.search(r"\b(the|you|your|is|and|paid)\b", line, re.IGNORECASE)
    } == set()


def test_the_clock_is_the_events_not_the_servers() -> None:
    message = write(event={"timezone": "America/Montreal", "city": "Montréal", "venue": None})
    assert "Friday 27 November 2037, 13:00–14:00" in message.text
    assert "Eastern Standard Time" in message.text


def test_summer_time_is_called_so() -> None:
    event = {"starts_at": "2037-07-10T18:00:00+00:00", "ends_at": "2037-07-10T19:00:00+00:00"}
    assert "20:00–21:00\nBrussels time (Central European Summer Time)" in write(event=event).text


def test_a_single_seat_is_one_seat() -> None:
    line = {"name": "Standard", "quantity": 1, "total_cents": 700, "applied": []}
    assert "Your seat is confirmed." in write(order={"lines": [line]}).text


def test_a_free_order_speaks_of_no_money() -> None:
    line = {"name": "Entry", "quantity": 2, "total_cents": 0, "applied": []}
    message = write(order={"lines": [line], "total_cents": 0, "tax_cents": 0, "paid_cents": 0})
    assert "2 × Entry: Free" in message.text
    for absent in ("Paid", "VAT", "€"):
        assert absent not in message.text
        assert absent not in Reader(message.html).words


def test_an_order_without_vat_names_none() -> None:
    assert "VAT" not in write(order={"tax_cents": 0}).text


def test_a_guest_is_told_what_the_link_can_do() -> None:
    path = "/orders/GC2026-7K3M9Q/access?key=s3cr3t&x=1"
    message = write(order={"guest": True}, data={"site_path": path})
    assert "without signing in" in message.text
    assert f"https://guichet.example{path}" in message.text
    assert f"https://guichet.example{path}" in Reader(message.html).links


def test_no_deadline_no_promise() -> None:
    assert "cancel" not in write(order={"cancellable_until": None}).text
    assert "cancel" not in write(order={"can": []}).text


def test_a_seat_whose_name_is_not_known_yet_says_so() -> None:
    message = write(order={"attendees": [{"name": "Ana Ruiz", "cancelled_at": None}, {"name": None}]})
    assert "Ana Ruiz, No name yet" in message.text


def test_attendees_are_told_with_their_tickets_where_there_are_several() -> None:
    line = {"quantity": 1, "total_cents": 700, "applied": []}
    lines = [line | {"ticket_type_id": name, "name": name} for name in ("Regular", "Student")]
    people = [{"name": "Ana", "ticket_type_id": "Student"}, {"name": None, "ticket_type_id": "Regular"}]
    message = write(order={"lines": lines, "attendees": people})
    assert "Attendees: Ana (Student), No name yet (Regular)" in message.text


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"online": True, "venue": None, "city": None}, "Online\nHow to join is on the page of your order."),
        ({"venue": None, "city": "Lyon"}, "Lyon"),
        ({"venue": None, "city": None}, "The place will be announced."),
        ({"venue": {"name": "Le Phare", "city": "Lyon"}}, "Le Phare\nLyon"),
        ({"venue": {"name": "Le Phare", "city": None, "country": "XX"}}, "Le Phare\nXX"),
    ],
)
def test_wherever_it_is(event: dict[str, Any], place: str) -> None:
    message = write(event=event)
    assert f"\n{place}\n" in message.text
    assert all(part in Reader(message.html).words for part in place.splitlines())


def test_late_money_goes_back() -> None:
    message = write("order_expired_refund")
    assert message.subject == "Your payment is on its way back: French and English over a beer"
    for words in (Reader(message.html).words, plain(message.text)):
        assert "€14.00 is on its way back to you." in words
        assert "Your payment came too late for these seats." in words
    assert "https://guichet.example/events/french-english-evening" in Reader(message.html).links


def test_every_mail_that_is_queued_can_be_written_and_no_other() -> None:
    migrations = (ROOT / "supabase" / "migrations").glob("*.sql")
    queued = re.findall(
        r"queue_(?:mail|notice)\(\s*'(\w+)'", "".join(each.read_text() for each in migrations)
    )
    assert set(queued) == {*mails.SUBJECTS, *mails.SHORT}


def test_a_refund_that_leaves_the_seats_says_why_how_much_and_how() -> None:
    message = write("payment_refunded")
    for words in (Reader(message.html).words, plain(message.text)):
        assert "Some of your money goes back." in words
        assert "The organizer writes: The sound failed." in words
        assert "€7.00 is on its way back to you. It goes to the card or account you paid with" in words
        assert "Your seats stay yours." in words
    twice = write("payment_refunded", data={"amount_cents": 1400, "paid_twice": True, "reason": None})
    assert "Your money goes back." in twice.text
    assert "You paid for this order twice, so one of the payments goes back." in twice.text
    by_hand = write("payment_refunded", data={"by_hand": True})
    assert "The organizer has given €7.00 back to you." in by_hand.text
    assert "on its way" not in by_hand.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_delivery_always_says_the_same(kind: str) -> None:
    assert write(kind) == write(kind)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert write(locale="de") == write(locale="en")


def test_an_unknown_kind_is_not_written() -> None:
    with pytest.raises(mails.UnknownKind):
        write("order_forgotten")


NASTY = '<script>alert("1")</script><img src=x onerror=alert(1)>{{ 7 * 7 }} & co'


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_people_type_stays_text(kind: str) -> None:
    message = write(
        kind,
        recipient_name=NASTY,
        order={
            "attendees": [{"name": NASTY, "cancelled_at": None}],
            "lines": [{"name": NASTY, "quantity": 1, "total_cents": 700, "applied": []}],
        },
        event={
            "title": NASTY,
            "venue": {"name": NASTY, "address": NASTY, "city": NASTY, "country": "BE"},
            "organizer": {"name": NASTY},
        },
    )
    read = Reader(message.html)
    assert not read.tags & {"script", "img"}
    assert plain(NASTY) in read.words
    assert "49" not in read.words
    assert NASTY in message.text


@pytest.mark.parametrize(
    "title",
    ["مساء الفرنسية والإنجليزية", "ערב שפות", "🎷 Jazz 👩‍👩‍👧 & 日本語の夜", "Ça œuvre\u202etxt"],
)
def test_any_script_is_shown_as_typed_and_keeps_its_direction(title: str) -> None:
    message = write(event={"title": title}, recipient_name="أنا")
    assert title in Reader(message.html).words
    assert 'dir="auto"' in message.html
    assert title in message.text
    assert message.subject == f"Confirmed: {title}"


def test_a_very_long_title_is_cut_in_the_subject_only() -> None:
    title = "An evening about everything " * 20
    message = write(event={"title": title})
    assert len(message.subject) <= 82
    assert message.subject.endswith("…")
    assert plain(title) in Reader(message.html).words


def test_a_title_on_several_lines_cannot_add_headers() -> None:
    message = write(event={"title": "Hello\r\nBcc: zoe@example.org"})
    assert message.subject == "Confirmed: Hello Bcc: zoe@example.org"


@pytest.mark.parametrize("name", [None, "", "   "])
def test_nobody_is_called_nothing(name: str | None) -> None:
    assert "\nHello,\n" in write(recipient_name=name).text


@pytest.mark.parametrize("kind", KINDS)
def test_styles_are_on_the_elements_and_dark_is_designed(kind: str) -> None:
    html = write(kind).html
    assert re.search(r'<h1[^>]* style="[^"]*font-size', html)
    assert "prefers-color-scheme: dark" in html
    assert "http://" not in html
    assert not re.search(r'(src|href)="(?!https://guichet\.example)', html)


@pytest.mark.parametrize("mail", auth_mails.MAILS, ids=lambda mail: mail.name)
def test_auths_mails_are_up_to_date_and_lead_to_our_confirmation(mail: auth_mails.AuthMail) -> None:
    written = (auth_mails.FOLDER / f"{mail.name}.html").read_text(encoding="utf-8")
    assert written == auth_mails.page(mail), "run `python -m local.auth_mails`"
    link = "{{ .SiteURL }}/auth/confirm?token_hash={{ .TokenHash }}&type=" + mail.type
    assert Reader(written).links.count(link) == 2  # once in each language
    assert set(re.findall(r"\{\{.*?\}\}", written)) <= {
        "{{ .SiteURL }}",
        "{{ .TokenHash }}",
        "{{ .NewEmail }}",
    }
