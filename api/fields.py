"""The kinds of values a request may hold: one meaning each, so that nothing is guessed and nothing odd gets further."""

import re
from collections import Counter
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.errors import wrong

DECIMAL = r"^[0-9]{1,12}(\.[0-9]{1,3})?$"
NO_NUL = r"^[^\x00]*$"
MOST_PAGES = 1_000
MOST_PER_PAGE = 100


def _flag(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("must be true or false")


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
        raise ValueError("must be a whole number")
    return value


def _speakable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not hold half a character (a lone surrogate)") from None
    return text


Text = Annotated[str, Field(max_length=200, pattern=NO_NUL), AfterValidator(_speakable)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL), AfterValidator(_speakable)]
Amount = Annotated[str, Field(pattern=DECIMAL, examples=["4999.00"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["INR"])]
Token = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[str, Path(max_length=500, pattern=NO_NUL, description="`<retailer or source>:<its own id>`")]


class Paged(BaseModel):
    """A query of a list. What it does not name is refused."""

    model_config = ConfigDict(extra="forbid")

    page: Whole = Field(1, ge=1, le=MOST_PAGES)
    per_page: Whole = Field(50, ge=1, le=MOST_PER_PAGE)


class Nothing(BaseModel):
    """A route without parameters."""

    model_config = ConfigDict(extra="forbid")


def once(request: Request) -> None:
    """A parameter given twice has no one meaning."""
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if times > 1:
            raise wrong(name, "is given more than once; give it once")


Once = Depends(once)
