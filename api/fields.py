"""The kinds of values a request may hold: one meaning each, so that nothing is guessed and nothing odd gets further."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from api.errors import wrong

NO_NUL = r"^[^\x00]*$"
DECIMAL = r"^[0-9]{1,12}(\.[0-9]{1,3})?$"
MOST_PAGES = 1_000
MOST_PER_PAGE = 100


@dataclass(frozen=True)
class Shaped:
    """A text of one form; `says` is the fix for one that has it not. The OpenAPI document shows the pattern."""

    pattern: str
    says: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": self.pattern}

    def _check(self, text: str) -> str:
        if not re.search(self.pattern.removesuffix("$") + r"\Z", text):
            raise ValueError(self.says)
        return text


def _flag(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("must be true or false")


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
        raise ValueError("must be a whole number")
    return value


PLAIN = Shaped(NO_NUL, "must not hold a NUL character")
Text = Annotated[str, Field(max_length=200), PLAIN]
Name = Annotated[str, Field(min_length=1, max_length=100), PLAIN]
Amount = Annotated[str, Field(examples=["4999.00"]),
                   Shaped(DECIMAL, "must be a plain decimal number such as 4999.00")]  # fmt: skip
Currency = Annotated[str, Field(examples=["INR"]),
                     Shaped(r"^[A-Z]{3}$", "must be three capital letters such as INR (ISO 4217)")]  # fmt: skip
Country = Annotated[str, Field(examples=["de"]), Shaped(r"^[a-z]{2}$", "must be two small letters such as de")]
Token = Annotated[str, Shaped(r"^[0-9A-Za-z_-]{1,64}$", "is not one that a search was given")]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole)]
PageNumber = Annotated[int, Field(ge=1, le=MOST_PAGES), BeforeValidator(_whole)]
PageSize = Annotated[int, Field(ge=1, le=MOST_PER_PAGE), BeforeValidator(_whole)]
Id = Annotated[str, Path(max_length=500, description="`<retailer or source>:<its own id>`"), PLAIN]


class Paged(BaseModel):
    """A query of a list. What it does not name is refused."""

    model_config = ConfigDict(extra="forbid")

    page: PageNumber = 1
    per_page: PageSize = 50


class Nothing(BaseModel):
    """A route without parameters."""

    model_config = ConfigDict(extra="forbid")


def once(request: Request) -> None:
    """A parameter given twice has no one meaning."""
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if times > 1:
            raise wrong(name, "is given more than once; give it once")


Once = Depends(once)
