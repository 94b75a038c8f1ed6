"""What the doctor looks at about mail: the line to the server, the mailbox of bounces, and what DNS says of us.

DNS that can't be asked is no failure: the machine may stand behind a wall, and letters leave all the same.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import dns.exception
import dns.resolver

from app.mail.dkim_signing import Signer, load_signer
from app.mail.letters import sender_from
from app.mail.report_mailbox import NoMailbox, maildir_of, open_imap
from app.mail.timed import TimedSMTP
from config import SettingError, Settings

SMTP_SECONDS = 5.0
DNS_SECONDS = 3.0
NOT_ASKED = "could not ask"


class Unasked(Exception):
    """DNS gave no answer at all: nothing is known, so nothing is wrong."""


def line_to_server(settings: Settings) -> str:
    """Connects as the worker does: STARTTLS with a certificate that holds, login if there is one."""
    name = f"{settings.mail_server}:{settings.mail_port}"
    try:
        with TimedSMTP(settings.mail_server, settings.mail_port, timeout=SMTP_SECONDS) as server:
            done = [f"{name} answers"]
            server.ehlo_or_helo_if_needed()
            if settings.mail_use_tls:
                server.starttls(context=ssl.create_default_context())
                done.append("TLS with a certificate that holds")
            elif server.has_extn("starttls") and not settings.embedded_mailbox:
                done.append("it offers TLS, but MAIL_USE_TLS is off")
            if settings.mail_username and settings.mail_password:
                server.login(settings.mail_username, settings.mail_password)
                done.append(f"login as {settings.mail_username}")
            server.noop()
    except ssl.SSLCertVerificationError as error:
        raise RuntimeError(f"{name} shows a wrong certificate: {error.verify_message}") from error
    except smtplib.SMTPAuthenticationError as error:
        raise RuntimeError(f"{name} refuses the login of {settings.mail_username}: {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise RuntimeError(f"{name} does not answer as it should: {error}") from error
    return ", ".join(done)


def mailbox_of_bounces(settings: Settings) -> str:
    """Whether what comes back can be read."""
    source = settings.mail_bounce_source
    if source is None:
        return "not set; reports may come through the pipe: flask mail bounce"
    if source.startswith("maildir:"):
        folder = maildir_of(source)
        if not all((folder / name).is_dir() for name in ("cur", "new")):
            raise RuntimeError(f"{folder} is no maildir")
        return str(folder)
    try:
        with open_imap(source):
            return "opens"
    except NoMailbox as error:
        raise RuntimeError(str(error)) from error


def names(settings: Settings) -> Iterator[tuple[str, bool, str]]:
    """What DNS says of the domains that our letters name: (what, is it well, what was seen)."""
    ours = sender_from(settings.mail_default_sender).address.rpartition("@")[2].lower()
    if "." not in ours:
        yield "mail domain", True, f"{ours or 'none'}: of this machine alone, nothing to ask"
        return
    envelope = (settings.mail_bounce_address or "").rpartition("@")[2].lower() or ours
    for what, domain, look in (("MX", envelope, _mx), ("SPF", envelope, _spf), ("DMARC", ours, _dmarc)):
        yield _seen(f"{what} of {domain}", partial(look, domain))
    yield _seen("DKIM", lambda: _dkim(settings))
    yield _seen("alignment", lambda: _alignment(ours, envelope, settings))


def _seen(what: str, look: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return what, True, look()
    except Unasked as error:
        return what, True, f"{NOT_ASKED}: {error}"
    except (LookupError, SettingError) as error:
        return what, False, str(error)


def _mx(domain: str) -> str:
    try:
        found = sorted(str(record.exchange).rstrip(".") for record in _asked(domain, "MX"))
    except LookupError as error:
        raise LookupError("none: what comes back, and what people reply, reaches nobody") from error
    return ", ".join(found)[:200]


def _spf(domain: str) -> str:
    found = [text for text in _texts(domain) if text.lower().startswith("v=spf1")]
    if len(found) != 1:
        raise LookupError(f'{len(found) or "no"} records that begin "v=spf1"; there should be one')
    if found[0].lower().split()[-1] == "+all":
        raise LookupError(f"{found[0]}: lets everybody send in our name")
    return found[0][:200]


def _dmarc(domain: str) -> str:
    """The domain's own word, else that of the domain above it."""
    for name in (domain, ".".join(domain.split(".")[-2:])):
        found = [text for text in _texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")]
        if found:
            return found[0][:200]
    raise LookupError(f'no record; begin with "v=DMARC1; p=none; rua=mailto:..." at _dmarc.{domain}')


def _dkim(settings: Settings) -> str:
    """Whether the published half of the key is that of ours."""
    signer = load_signer(settings)
    if signer is None:
        return "no key set: letters are not signed here; the mail server may do it"
    name = f"{signer.selector}._domainkey.{signer.domain}"
    found = [text for text in _texts(name) if "p=" in text]
    if not found:
        raise LookupError(f"nothing at {name}; it should say: {signer.record}")
    if not _is_ours(found[0], signer):
        raise LookupError(f"{name} publishes another key; it should say: {signer.record}")
    return f"{name} publishes our key"


def _is_ours(text: str, signer: Signer) -> bool:
    tags = dict(part.strip().partition("=")[::2] for part in text.split(";"))
    published = "".join({name.strip(): value for name, value in tags.items()}.get("p", "").split())
    return published != "" and signer.record.endswith(f"p={published}")


def _alignment(ours: str, envelope: str, settings: Settings) -> str:
    """DMARC asks that From and one of the others belong to the same domain."""
    signer = load_signer(settings)
    signed = signer.domain if signer else None
    if _related(ours, envelope) or (signed and _related(ours, signed)):
        return f"From {ours}, envelope {envelope}, signature {signed or 'none'}"
    raise LookupError(f"From {ours} agrees with neither the envelope {envelope} nor the signature {signed or 'none'}")


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _texts(name: str) -> list[str]:
    """TXT records; none where the name does not exist."""
    try:
        answers = _asked(name, "TXT")
    except LookupError:
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answers]


def _asked(name: str, kind: str) -> Any:
    """What DNS answers within three seconds; raises LookupError for "there is none", Unasked where nobody answers."""
    try:
        return dns.resolver.get_default_resolver().resolve(name, kind, lifetime=DNS_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
        raise LookupError(f"no {kind} record at {name}") from error
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise Unasked(type(error).__name__) from error
