"""Changes: which are asked for, and how one looks."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.fields import NO_NUL, Whole
from api.schemas.common import Shape
from crawler.core.models.records import ChangeField

LONGEST_WAIT_MS = 25_000
CHANNEL = r"^(product|retailer):[^\x00-\x1f\x7f]+$"

Position = Annotated[str, Field(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$", examples=["1700000000000-0"])]
Channel = Annotated[str, Field(pattern=CHANNEL, max_length=310, examples=["retailer:ikea"])]
Epoch = Annotated[str, Field(max_length=64, pattern=NO_NUL)]


class StreamParams(BaseModel):
    """What part of the stream."""

    model_config = ConfigDict(extra="forbid")

    after: Position | None = Field(None, description="Only what came after this position")
    epoch: Epoch | None = Field(None, description="Where `after` is from; another epoch can't be gone on from")
    channel: Channel | None = Field(None, description="`product:<id>` or `retailer:<name>`; all changes without it")


class ChangesParams(StreamParams):
    limit: Whole = Field(50, ge=1, le=500)
    wait_ms: Whole = Field(0, ge=0, le=LONGEST_WAIT_MS, description="With `after`: how long to wait for a change")


class ChangeShape(Shape):
    """One field of one offer went from `old` to `new`."""

    id: str
    product_id: str
    field: ChangeField
    old: str | None
    new: str | None
    currency: str | None
    observed_at: str = Field(description="ISO 8601")
    confirmed: Literal["repeat", "high_confidence"]
    variant: str | None
    seller: str | None
    location: str | None
    condition: str
    position: str


class ChangesShape(Shape):
    results: list[ChangeShape] = Field(description="Oldest first")
    next: str = Field(description="Read on with `after` = this")
    epoch: str
    recovered: bool = Field(description="False: the history does not reach back to `after`; start from a fresh state")
