"""Server: a sealed test and its votes behind web pages for raters, on 127.0.0.1 alone."""

from paragraf.compare.sealing import BlindTest


def serve(test: BlindTest, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM. Nothing is logged of requests: their addresses are the raters' secrets."""
    import uvicorn

    from paragraf.compare.server.app import create_app

    uvicorn.run(
        create_app(test, port),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        limit_concurrency=200,
        h11_max_incomplete_event_size=16_384,
        timeout_graceful_shutdown=5,
    )
