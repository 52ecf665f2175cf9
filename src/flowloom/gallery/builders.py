"""Builders: their profiles, how they prove who they are, and who follows them."""

from collections.abc import Callable
from itertools import count

from flowloom.gallery.problems import FOR_ADMINS, GalleryError
from flowloom.gallery.proofs import TxtRecords, proven, site_of
from flowloom.kinds.http import Http
from flowloom.publishing import slug_of
from flowloom.store.builders import ADMIN, AT, Builder, BuilderStore

LONGEST_ABOUT, LONGEST_NAME = 600, 60
"""Characters."""


class Builders:
    """Safe to use from several threads."""

    def __init__(
        self,
        store: BuilderStore,
        shown_of: Callable[[str], str],
        records: Callable[[], TxtRecords],
        http: Callable[[], Http],
        log: Callable[[str, str], None],
    ) -> None:
        """`shown_of` gives what others see of an account’s name; `log` keeps what was done, and to whom."""
        self.store, self._shown_of, self._records, self._http, self._log = store, shown_of, records, http, log

    def of(self, account: str) -> Builder | None:
        """A profile; somebody of a team has one from the start. None for whoever runs the app and has made none."""
        found = self.store.of(account)
        if found or not account:
            return found
        shown = self._shown_of(account)
        return self.store.put(Builder(account, self._free(shown), shown)) if shown else None

    def everybody(self) -> list[Builder]:
        """All profiles, which the store shows to everyone, by name."""
        return self.store.all()

    def _free(self, name: str) -> str:
        stem = slug_of(name) or "builder"
        names = (stem if number == 1 else f"{stem[:50]}-{number}" for number in count(1))
        return next(each for each in names if self.store.at(each) is None)

    def change(self, account: str, shown: str, about: str, site: str) -> Builder:
        """Keep what somebody says of themselves. Raises GalleryError, StoreError."""
        name = " ".join(shown.split())[:LONGEST_NAME]
        if not name:
            raise GalleryError("There is no name yet.", "Write the name that others shall see.", code="store.name")
        if len(about) > LONGEST_ABOUT:
            raise GalleryError("This text is too long.", "Use at most {most} characters.", most=LONGEST_ABOUT)
        before = self.store.of(account)
        slug = before.slug if before else self._free(name)
        return self.store.put(Builder(account, slug, name, about.strip(), site_of(site) if site.strip() else ""))

    async def prove(self, account: str) -> Builder:
        """Look whether their site says so, and verify them then. Raises GalleryError, HttpError."""
        found = self.store.of(account)
        if found is None or not found.site:
            raise GalleryError("There is no website to check yet.", "Write its name, and save.", code="store.site")
        if not await proven(found.site, found.token, self._records(), self._http()):
            raise GalleryError(
                "Neither a record nor a file of {site} shows your code.",
                "Records can take an hour to be seen everywhere. Then check again.",
                code="store.unproven",
                site=found.site,
            )
        return self._verified(found, found.site)

    def prove_by_mail(self, account: str, host: str) -> Builder:
        """Verify somebody who read a code at an address of this host. Raises GalleryError."""
        found = self.of(account)
        if found is None:
            raise GalleryError("There is no profile yet.", "Write your name, and save.", code="store.none")
        return self._verified(found, f"{AT}{host}")

    def _verified(self, found: Builder, proof: str) -> Builder:
        self.store.verify(found.account, proof)
        self._log("store_verified", f"{found.shown}: {proof}")
        return self.store.of(found.account) or found

    def vouch(self, account: str, yes: bool, *, admin: bool) -> None:
        """An admin says that somebody is who they say, or takes it back. Raises GalleryError."""
        if not admin:
            raise GalleryError.from_problem(FOR_ADMINS)
        found = self.of(account)
        if found is None:
            raise GalleryError(
                "This builder has no profile yet.", "They can make one under Store.", code="store.none"
            )
        self.store.verify(account, ADMIN if yes else "")
        self._log("store_verified" if yes else "store_not_verified", found.shown)
