"""Values and structs of foam.h, as ctypes has them."""

from __future__ import annotations

import ctypes as c

OK, NONE, INVALID, TAKEN, REFUSED, CORRUPT, TOO_OLD, TOO_NEW, BEING_CREATED, FULL, IO, GONE = range(12)
MAX_RANK = 8
NAME_BYTES = 65

#: Code of a dtype, and what numpy calls it.
DTYPES = {"u1": 1, "i4": 2, "i8": 3, "f2": 4, "bf16": 5, "f4": 6, "f8": 7}
DTYPE_NAMES = {code: name for name, code in DTYPES.items()}
DTYPE_BYTES = {1: 1, 2: 4, 3: 8, 4: 2, 5: 2, 6: 4, 7: 8}
#: Of the struct module, for memoryview.cast, which has none for half floats: their bits.
FORMATS = {1: "B", 2: "i", 3: "q", 4: "H", 5: "H", 6: "f", 7: "d"}
MODES = {"latest": 0, "in-order": 1, "from-oldest": 2}
STATES = ["ALIVE", "STALLED", "DEAD", "STOPPED"]


class Options(c.Structure):
    _fields_ = [("directory", c.c_char_p), ("name", c.c_char_p), ("role", c.c_char_p), ("language", c.c_char_p)]


class Spec(c.Structure):
    _fields_ = [
        ("stream", c.c_char * NAME_BYTES),
        ("dtype", c.c_int),
        ("rank", c.c_uint32),
        ("shape", c.c_int64 * MAX_RANK),
        ("slots", c.c_uint32),
        ("max_readers", c.c_uint32),
        ("checksum", c.c_int),
        ("device", c.c_char * NAME_BYTES),
    ]


class LeaseFields(c.Structure):
    _fields_ = [
        ("data", c.c_void_p),
        ("bytes", c.c_uint64),
        ("dtype", c.c_int),
        ("rank", c.c_uint32),
        ("shape", c.c_int64 * MAX_RANK),
        ("frame", c.c_uint64),
        ("captured_ns", c.c_int64),
        ("tag", c.c_int64),
        ("sequence", c.c_uint64),
        ("incarnation", c.c_uint64),
        ("device_offset", c.c_uint64),
    ]


class Gpu(c.Structure):
    _fields_ = [("uuid", c.c_ubyte * 16), ("ipc_handle", c.c_ubyte * 64), ("arena_bytes", c.c_uint64)]


class PeerFields(c.Structure):
    _fields_ = [
        ("name", c.c_char * NAME_BYTES),
        ("role", c.c_char * NAME_BYTES),
        ("device", c.c_char * NAME_BYTES),
        ("state", c.c_int),
        ("incarnation", c.c_uint64),
        ("pid", c.c_int64),
        ("heartbeat_age_ns", c.c_int64),
    ]


LEASE = c.POINTER(LeaseFields)
