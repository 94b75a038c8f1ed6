"""A real IMAP server (Dovecot) for a test: one user, one mailbox, over TLS with a certificate of our own."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import trustme

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
CONF = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{mail}
first_valid_uid = 0
mail_uid = {uid}
mail_gid = {gid}
mail_access_groups =
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
disable_plaintext_auth = yes
passdb {{
  driver = static
  args = password=secret/1
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Imap:
    """Where it listens, and its mailbox as a folder to put letters in."""

    plain: int
    tls: int
    mail: Path
    authority: Path

    def put(self, name: str, raw: bytes) -> None:
        """As a mail server delivers."""
        for part in ("cur", "new", "tmp"):
            (self.mail / part).mkdir(parents=True, exist_ok=True)
        (self.mail / "tmp" / name).write_bytes(raw)
        self._own(self.mail)
        (self.mail / "tmp" / name).rename(self.mail / "new" / name)

    def flags(self) -> dict[str, str]:
        """Which letters were marked how: {name: "FS"}."""
        return {
            path.name.partition(":")[0].partition(",")[0]: path.name.partition(":2,")[2]
            for path in (self.mail / "cur").iterdir()
        }

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, "mail", "mail")


def start(folder: Path, *, host: str = "127.0.0.1") -> tuple[Imap, subprocess.Popen[bytes]]:
    """Starts it; whoever starts it ends it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    shown = authority.issue_cert(host)
    shown.private_key_pem.write_to_path(str(folder / "key.pem"))
    shown.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    is_root = os.geteuid() == 0
    user = "dovecot" if is_root else os.environ.get("USER", "nobody")
    uid, gid = ("mail", "mail") if is_root else (str(os.getuid()), str(os.getgid()))
    imap = Imap(_free_port(), _free_port(), folder / "mail", folder / "ca.pem")
    conf = folder / "dovecot.conf"
    conf.write_text(
        CONF.format(
            folder=folder, mail=imap.mail, uid=uid, gid=gid, user=user, group=user, plain=imap.plain, tls=imap.tls
        )
    )
    if is_root:
        for path in (folder, *folder.parents):
            if path.stat().st_uid == 0 and path != Path("/") and path != Path("/tmp"):
                path.chmod(path.stat().st_mode | 0o055)
    imap.put("first", b"To: nobody\n\nHi\n")
    assert DOVECOT is not None
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", imap.tls)) == 0:
                return imap, server
        time.sleep(0.05)
    server.kill()
    raise RuntimeError((folder / "log").read_text() if (folder / "log").exists() else "no dovecot")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
