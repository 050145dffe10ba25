"""A teacher in Python: what colours are in each column of the picture, and which way its edges run. It needs numpy and no model.

    ./foam up --node 'teacher-colour=python3 examples/python/teacher.py'

Student, evaluator and page take it as any other teacher: its role, its stream's name and its attributes say all that they need.
"""

import os

import fluxfoam
import numpy as np

SENSOR = os.environ.get("SENSOR", "sensor")
COLUMN = 8  # pixels
LEVELS = 8  # of each colour
BANDS, DIRECTIONS = 5, 8
DIM = 3 * LEVELS + BANDS * DIRECTIONS  # 64


def colours(picture: np.ndarray) -> np.ndarray:
    """How much of each level of red, green and blue a column has: [columns, 24]. A value between two levels counts for both."""
    height, width, _ = picture.shape
    level = picture.astype(np.float32) * ((LEVELS - 1) / 255.001)
    below = level.astype(int)
    place = (np.arange(width)[:, None] // COLUMN * 3 + np.arange(3)) * LEVELS + below
    size = width // COLUMN * 3 * LEVELS
    part = level - below
    sums = np.bincount(place.ravel(), (1 - part).ravel(), size) + np.bincount(place.ravel() + 1, part.ravel(), size)
    return sums.reshape(width // COLUMN, -1) / (height * COLUMN)


def edges(picture: np.ndarray) -> np.ndarray:
    """How strong the edges of each direction are in each band of a column: [columns, 40]."""
    grey = picture.mean(axis=2) / 255
    height, width = grey.shape
    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    direction = (np.arctan2(down, right) / (2 * np.pi) * DIRECTIONS).round().astype(int) % DIRECTIONS
    band = np.minimum(np.arange(height) * BANDS // height, BANDS - 1)[:, None]
    column = np.arange(width)[None, :] // COLUMN
    place = (column * BANDS + band) * DIRECTIONS + direction
    sums = np.bincount(place.ravel(), strength.ravel(), minlength=width // COLUMN * BANDS * DIRECTIONS)
    return np.sqrt(sums.reshape(width // COLUMN, -1) / (height * COLUMN / BANDS))


def main() -> None:
    attributes = {"sensor": SENSOR, "aligned": "picture", "epoch": "colour1"}
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
                claim.array[:, : 3 * LEVELS] = colours(picture)
                claim.array[:, 3 * LEVELS :] = edges(picture)
                claim.commit(lease.frame, lease.capture_ns)


if __name__ == "__main__":
    main()
