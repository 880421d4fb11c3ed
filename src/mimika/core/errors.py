"""Every error that mimika raises on purpose.

MimikaError                      catch this one to catch them all
├── InputError                   what the caller gave is wrong
│   ├── ImageError               a picture
│   │   ├── UnsupportedImageError    not JPEG, PNG, WebP or BMP
│   │   ├── ImageTooLargeError       too many bytes or pixels
│   │   └── BrokenImageError         cannot be decoded
│   ├── SourceError              a camera, a video or a stream
│   ├── DataError                a data set: names file, row, found and expected
│   ├── ConfigError              an experiment file or a setting
│   └── ModelError               a model file or name that cannot be used
├── DisplayError                 there is no screen for a window
├── TrainingError                training had to stop
├── ParityError                  an exported model disagrees with its checkpoint
└── ServiceError                 the processing service did not do the work
    ├── ServiceUnavailableError      it does not answer
    ├── ServiceBusyError             its queue is full: try again later
    ├── ServiceTimeoutError          the deadline passed
    ├── ServiceKeyError              it has a key, and ours is not it
    └── WorkerCrashedError           the process that did the work died

A message says what was given, what was expected and what to do next.
"""


class MimikaError(Exception):
    """The root of all errors raised on purpose."""


class InputError(MimikaError):
    """What the caller gave is wrong."""


class ImageError(InputError):
    """A picture that cannot be used."""


class UnsupportedImageError(ImageError):
    """The bytes are not a picture in one of the accepted formats."""


class ImageTooLargeError(ImageError):
    """The file has too many bytes or the picture too many pixels."""


class BrokenImageError(ImageError):
    """The format is known but the picture cannot be decoded."""


class SourceError(InputError):
    """A camera, a video file or a stream that cannot be read, or broke off."""


class DataError(InputError):
    """A data set that cannot be read: the message names file, row and cause."""


class ConfigError(InputError):
    """An experiment file or a setting with an unknown or impossible value."""


class ModelError(InputError):
    """A model file or name that cannot be used."""


class DisplayError(MimikaError):
    """There is no screen on which a window could be shown."""


class TrainingError(MimikaError):
    """Training had to stop: the message names the cause."""


class ParityError(MimikaError):
    """An exported model's probabilities differ from its checkpoint's."""


class ServiceError(MimikaError):
    """The processing service did not do the work."""


class ServiceUnavailableError(ServiceError):
    """The processing service does not answer."""


class ServiceBusyError(ServiceError):
    """The processing service's queue is full.

    Attributes:
        retry_after_s: seconds after which to try again.
    """

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ServiceTimeoutError(ServiceError):
    """The deadline of a request passed."""


class ServiceKeyError(ServiceError):
    """The processing service has a key, and another or none was sent.

    Attributes:
        header: of the request, in which the key belongs; None where it is not known.
    """

    def __init__(self, message: str, header: str | None = None) -> None:
        super().__init__(message)
        self.header = header


class WorkerCrashedError(ServiceError):
    """The process that did the work died."""
