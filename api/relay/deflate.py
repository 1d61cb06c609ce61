"""permessage-deflate without context between messages: nothing is kept per client; one compressed form serves all."""

from collections.abc import Sequence

from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory

from api.relay.messages import WINDOW_BITS

OFFER = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True, client_no_context_takeover=True, server_max_window_bits=WINDOW_BITS,
    client_max_window_bits=WINDOW_BITS, compress_settings={"memLevel": 6},
)  # fmt: skip


def understands(extensions: Sequence[Extension]) -> bool:
    """Whether a client with these can read our compressed form: its window must be as wide as ours."""
    return any(isinstance(e, PerMessageDeflate) and e.local_max_window_bits >= WINDOW_BITS for e in extensions)
