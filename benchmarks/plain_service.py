"""The plainest service that decodes a picture: the yardstick of `service_load.py`.

    python benchmarks/plain_service.py       prints its address

Two processes, FastAPI's own upload, Pillow's own decoding, and no answer worth having.
"""

import io
import multiprocessing
import signal
import socket
import sys

import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image

PROCESSES = 2
app = FastAPI()


@app.post("/v1/analyze")
async def analyze(file: UploadFile) -> dict[str, int]:
    """Decodes the picture."""
    with Image.open(io.BytesIO(await file.read())) as image:
        image.load()
        return {"width": image.width, "height": image.height}


@app.get("/readyz")
async def readyz() -> dict[str, str]:
    """Always."""
    return {"status": "ok"}


def serve(listener: socket.socket) -> None:
    """Serves in this process."""
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Starts the processes, which share the socket, until SIGTERM ends them all."""
    # uvicorn raises the signal again when it has stopped: that would kill this process
    # at once and leave the others
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, port = listener.getsockname()[:2]
        print(f"http://{host}:{port}", flush=True)
        others = [
            multiprocessing.Process(target=serve, args=(listener,), daemon=True)
            for _ in range(PROCESSES - 1)
        ]
        for process in others:
            process.start()
        serve(listener)


if __name__ == "__main__":
    main()
