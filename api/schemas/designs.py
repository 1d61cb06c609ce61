"""Interior pictures and what their sources ask of whoever shows them."""

from pydantic import Field

from api.schemas.common import Listing, Shape
from api.schemas.products import ChecksShape, Time


class RenditionShape(Shape):
    url: str
    width: int | None
    height: int | None


class LicenseShape(Shape):
    code: str = Field(examples=["cc-by-4.0"])
    url: str | None
    version: str | None


class DesignShape(Shape):
    """`attribution` is what must be shown beside the picture; `placeholder` is a blurred miniature as a data URI."""

    id: str = Field(examples=["openverse:36537842-b067-4ca0-ad67-e00ff2e06b2d"])
    source: str
    url: str
    renditions: list[RenditionShape]
    license: LicenseShape
    title: str | None
    author: str | None
    author_url: str | None
    attribution: str
    attribution_html: str
    width: int | None
    height: int | None
    tags: list[str]
    thumbnail: str | None
    colors: list[str]
    placeholder: str | None
    phash: str | None
    group: str | None
    verified: ChecksShape | None
    quality: float | None
    quality_parts: dict[str, float]
    fetched_at: Time


class SimilarDesign(DesignShape):
    similarity: float = Field(ge=0, le=1)


class UseShape(Shape):
    """`pinged`: the source was told, as its terms ask; else `reason` says why not."""

    design_id: str
    used_at: Time
    pinged: bool
    reason: str


class DesignList(Listing[DesignShape]): ...


class SimilarDesigns(Listing[SimilarDesign]): ...
