"""Originals of what an extension might patch, taken at import."""

from _thread import get_ident, start_new_thread
from os import _exit as real_exit
from os import close as os_close
from os import getpid
from os import open as os_open
from os import read as os_read
from time import monotonic, process_time, sleep, thread_time

__all__ = [
    "get_ident",
    "getpid",
    "monotonic",
    "os_close",
    "os_open",
    "os_read",
    "process_time",
    "real_exit",
    "sleep",
    "start_new_thread",
    "thread_time",
]
