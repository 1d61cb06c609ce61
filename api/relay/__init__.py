"""Changes on their way to clients: one reader per process, each change framed once, the same bytes to every socket.

`relay` reads the stream into the `hub` (channel -> subscribers); `catch_up` takes a subscriber from an old position
to the hub without gap or repeat; `session` speaks `WS /v1/ws` over an outlet, which is either a raw socket
(`protocol`) or a bounded `feed` (any other ASGI server, SSE); `searches` does for job events what the hub does for
changes.
"""
