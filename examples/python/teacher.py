"""A teacher in Python: what colours are in each column of the picture, and which way its edges run. It needs numpy and no model.

    ./foam up --node 'teacher-colour=python3 examples/python/teacher.py'

Student, evaluator and page take it as any other teacher: its role, its stream's name and its attributes say all that they need.
"""

import os

import fluxfoam
import numpy as np

SENSOR = os.environ.get("SENSOR", "sensor")
COLUMN = 8  # pixels
HALVES, LEVELS = 2, 4  # of the height; of each colour
SCALES, BANDS, DIRECTIONS = 2, 5, 4
COLOURS = HALVES * 3 * LEVELS
DIM = COLOURS + SCALES * BANDS * DIRECTIONS  # 64


def parts(size: int, count: int) -> np.ndarray:
    """Which of so many parts each of these pixels is in."""
    return np.arange(size) * count // size


def seen(sums: np.ndarray) -> np.ndarray:
    """A column sees its neighbours too, half as well. The root evens out what is often little and sometimes much."""
    padded = np.pad(sums, ((1, 1), (0, 0)), mode="edge")
    return np.sqrt((padded[:-2] + 2 * sums + padded[2:]) / 4)


def colours(picture: np.ndarray) -> np.ndarray:
    """How much of each level of red, green and blue each half of a column has. A value between two levels counts for both."""
    height, width, _ = picture.shape
    level = picture.astype(np.float32) * ((LEVELS - 1) / 255.001)
    below = level.astype(int)
    place = parts(width, width // COLUMN)[:, None] * HALVES + parts(height, HALVES)[:, None, None]
    place = (place * 3 + np.arange(3)) * LEVELS + below
    size = width // COLUMN * COLOURS
    sums = np.bincount(place.ravel(), (1 + below - level).ravel(), size) + np.bincount(place.ravel() + 1, (level - below).ravel(), size)
    return seen(sums.reshape(-1, COLOURS) * HALVES / (height * COLUMN))


def edges(picture: np.ndarray) -> np.ndarray:
    """How strong the edges of each direction are in each band of a column, in the picture at a half and at a quarter of its size."""
    grey = picture.mean(axis=2) / 255
    columns = picture.shape[1] // COLUMN
    scales = []
    for _ in range(SCALES):
        height, width = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
        grey = grey[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
        down, right = np.gradient(grey)
        direction = (np.arctan2(down, right) / np.pi * DIRECTIONS).round().astype(int) % DIRECTIONS
        place = (parts(grey.shape[1], columns) * BANDS + parts(grey.shape[0], BANDS)[:, None]) * DIRECTIONS + direction
        sums = np.bincount(place.ravel(), np.hypot(down, right).ravel(), columns * BANDS * DIRECTIONS)
        scales.append(sums.reshape(columns, -1) * columns * BANDS / grey.size)
    return seen(np.concatenate(scales, axis=1))


def main() -> None:
    attributes = {"sensor": SENSOR, "aligned": "picture", "epoch": "colour2"}
    with fluxfoam.join(role="teacher", attributes=attributes) as node:
        pictures = node.subscribe(f"{SENSOR}/picture")
        try:
            height, width, _ = pictures.wait_for_spec().shape
        except TimeoutError:
            return  # told to stop before there was a sensor
        features = node.publish("features", (width // COLUMN, DIM), "f4")
        for lease in pictures:
            picture = lease.numpy()[:, : width // COLUMN * COLUMN]
            with features.claim() as claim:
                claim.array[:, :COLOURS] = colours(picture)
                claim.array[:, COLOURS:] = edges(picture)
                claim.commit(lease.frame, lease.capture_ns)


if __name__ == "__main__":
    main()
