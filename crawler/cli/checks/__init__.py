"""What `homefeed doctor` looks at, one function each."""

import msgspec


class Finding(msgspec.Struct):
    """`state`: ok, missing (works without, less well) or broken."""

    name: str
    state: str
    says: str
