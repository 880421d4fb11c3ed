"""Cuts uploads off: what is over the limit is read, but kept nowhere."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from mimika.core.images import DEFAULT_LIMITS

PICTURE_BYTES = DEFAULT_LIMITS.max_bytes
MODEL_BYTES = 100_000_000
MODEL_PATH = "/analyses/offeredmodel/add/"  # on the staff site; checked there for staff


class CuttingUploadHandler(FileUploadHandler):
    """Stands before the handlers that store, and passes on no more than they need.

    They receive at least one byte over the limit, so the form can say that the file is
    too large. To stop reading instead would reset the connection, and the browser
    would show an error of its own.
    """

    def __init__(self, request: object = None) -> None:
        """Takes what Django gives every handler."""
        super().__init__(request)  # type: ignore[arg-type]  # stubs forbid None
        self.passed_on = 0
        path = getattr(request, "path", "")
        self.most = MODEL_BYTES if path.endswith(MODEL_PATH) else PICTURE_BYTES

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Starts counting again."""
        self.passed_on = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Passes a chunk on, or None once the limit has been passed."""
        if self.passed_on > self.most:
            return None
        self.passed_on += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Leaves the file to the next handler."""
        return None
