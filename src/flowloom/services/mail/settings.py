"""The e-mail account that GPTs send from, without its password."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.services.files import write_whole
from flowloom.services.mail.message import check_address

PASSWORD = "mail"
"""Under which name its password is kept."""
Security = Literal["tls", "starttls", "none"]
SERVERS: dict[str, tuple[str, int, Security]] = {
    "gmail.com": ("smtp.gmail.com", 465, "tls"),
    "googlemail.com": ("smtp.gmail.com", 465, "tls"),
    "outlook.com": ("smtp-mail.outlook.com", 587, "starttls"),
    "hotmail.com": ("smtp-mail.outlook.com", 587, "starttls"),
    "live.com": ("smtp-mail.outlook.com", 587, "starttls"),
    "icloud.com": ("smtp.mail.me.com", 587, "starttls"),
    "yahoo.com": ("smtp.mail.yahoo.com", 465, "tls"),
    "gmx.com": ("mail.gmx.com", 465, "tls"),
    "orange.fr": ("smtp.orange.fr", 465, "tls"),
    "free.fr": ("smtp.free.fr", 465, "tls"),
    "laposte.net": ("smtp.laposte.net", 465, "tls"),
    "qq.com": ("smtp.qq.com", 465, "tls"),
    "163.com": ("smtp.163.com", 465, "tls"),
    "126.com": ("smtp.126.com", 465, "tls"),
}
"""The servers of well-known providers, by the part of an address after the @."""


class MailAccount(BaseModel):
    """Where e-mail is sent through. `address` is the sender's, "" where there is no account yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = Field(default="", max_length=254)
    server: str = Field(default="", max_length=253, pattern=r"^[A-Za-z0-9.:\[\]-]*$")
    port: int = Field(default=465, ge=1, le=65535)
    security: Security = "tls"
    user: str = Field(default="", max_length=254)
    """Who signs in; the address itself where this is empty."""


def account_for(address: str) -> MailAccount:
    """An account with the server of a well-known provider, or a guess. Raises MailError."""
    domain = check_address(address).rpartition("@")[2].lower()
    server, port, security = SERVERS.get(domain, (f"smtp.{domain}", 465, "tls"))
    return MailAccount(address=check_address(address), server=server, port=port, security=security)


def load_account(home: Path) -> MailAccount:
    try:
        return MailAccount.model_validate_json((home / "mail.json").read_bytes())
    except (OSError, ValidationError):
        return MailAccount()


def save_account(home: Path, account: MailAccount) -> None:
    """Keep it. Raises MailError where its address is none."""
    if account.address:
        check_address(account.address)
    write_whole(home / "mail.json", account.model_dump_json().encode())
