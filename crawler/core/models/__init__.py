"""The things homefeed speaks about. Money is an integer in minor units beside an ISO 4217 code; times are Unix
seconds in UTC; a value that was not seen is None, never 0 or a guess. Structs, because a page carries forty of them
(`docs/decisions/0002-structs.md`)."""

from crawler.core.models.designs import Design, License, Rendition
from crawler.core.models.jobs import Job, JobEvent, SourceInfo, SourceProgress
from crawler.core.models.products import GONE, Availability, Evidence, Offer, Product, Rating, Verified
from crawler.core.models.records import (
    Absence,
    Belief,
    Candidate,
    Change,
    ChangeField,
    Move,
    Page,
    Record,
    Seen,
    encode,
)

__all__ = [
    "GONE",
    "Absence",
    "Availability",
    "Belief",
    "Candidate",
    "Change",
    "ChangeField",
    "Design",
    "Evidence",
    "Job",
    "JobEvent",
    "License",
    "Move",
    "Offer",
    "Page",
    "Product",
    "Rating",
    "Record",
    "Rendition",
    "Seen",
    "SourceInfo",
    "SourceProgress",
    "Verified",
    "encode",
]
