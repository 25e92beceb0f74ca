"""Locks: a Prefect lock manager on the kernel's file locks, which free themselves however their owner dies."""

import asyncio
import fcntl
import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Any, Self

from prefect.locking.protocol import LockManager

_POLL_SECONDS = 0.1


class KernelFileLocks(LockManager):
    """One lock file a key; for processes of one machine. Prefect's own file locks outlive a killed holder for ever."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[str, int]] = {}
        self._guard = threading.Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # policies are copied when they are configured; the locks stay these

    def acquire_lock(
        self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None
    ) -> bool:
        return self._wait(lambda: self._try(key, holder), acquire_timeout)

    async def aacquire_lock(
        self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None
    ) -> bool:
        return await asyncio.to_thread(self.acquire_lock, key, holder, acquire_timeout, hold_timeout)

    def release_lock(self, key: str, holder: str) -> None:
        with self._guard:
            owner, descriptor = self._held.get(key, ("", -1))
            if owner != holder:
                raise ValueError(f"{holder} does not hold the lock of {key}.")
            del self._held[key]
            os.close(descriptor)

    def is_locked(self, key: str) -> bool:
        with self._guard:
            if key in self._held:
                return True
            descriptor = self._lock_file(key)
            if descriptor is None:
                return True
            os.close(descriptor)
            return False

    def is_lock_holder(self, key: str, holder: str) -> bool:
        return self._held.get(key, ("", -1))[0] == holder

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        return self._wait(lambda: not self.is_locked(key), timeout)

    async def await_for_lock(self, key: str, timeout: float | None = None) -> bool:
        return await asyncio.to_thread(self.wait_for_lock, key, timeout)

    def _try(self, key: str, holder: str) -> bool:
        with self._guard:
            if key in self._held:
                return self._held[key][0] == holder
            descriptor = self._lock_file(key)
            if descriptor is None:
                return False
            self._held[key] = (holder, descriptor)
            return True

    def _lock_file(self, key: str) -> int | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    @staticmethod
    def _wait(done: Any, timeout: float | None) -> bool:
        end = None if timeout is None else time.monotonic() + timeout
        while not done():
            if end is not None and time.monotonic() >= end:
                return False
            time.sleep(_POLL_SECONDS)
        return True
