"""`python -m local.inbox`: serve the inbox on 127.0.0.1 until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from local.inbox import create_app
from local.inbox.courier import Courier
from local.inbox.settings import MissingSetting, Settings
from local.inbox.store import Store


class Handler(WSGIRequestHandler):
    """Says nothing of requests that went well."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="inbox: %(message)s")
    try:
        settings = Settings.read(os.environ)
    except MissingSetting as missing:
        print(f"inbox: {missing}", file=sys.stderr)
        return 2
    store = Store(settings.state / "inbox.sqlite3")
    courier = Courier(store, settings)
    server = make_server(
        "127.0.0.1", settings.port, create_app(settings, store), threaded=True, request_handler=Handler
    )
    for stop in (signal.SIGTERM, signal.SIGINT):
        # `shutdown` waits for the loop it stops, which runs in this very thread: ask from another.
        signal.signal(stop, lambda *_: threading.Thread(target=server.shutdown).start())
    courier.start()
    logging.getLogger("inbox").info("mails are at http://127.0.0.1:%d", settings.port)
    server.serve_forever()
    courier.stop()
    store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
