"""Things a client has put aside."""

from typing import Literal

from pydantic import Field

from api.schemas.common import Listing, Shape
from api.schemas.designs import DesignShape
from api.schemas.products import ProductShape, Time


class KeptShape(Shape):
    collection: str = Field(examples=["likes"])
    id: str
    kind: Literal["products", "designs"]
    added_at: Time


class KeptItemShape(KeptShape):
    item: ProductShape | DesignShape | None = Field(description="What is stored of it now")


class CollectionShape(Shape):
    name: str
    count: int = Field(ge=1)


class KeptList(Listing[KeptItemShape]): ...


class CollectionList(Listing[CollectionShape]): ...
