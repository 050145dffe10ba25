"""A student in Python that learns from all teachers of a foam at once, each resident in a process of its own.

    FOAM_DIR=/dev/shm/foam-0 FOAM_NAME=pupil PYTHONPATH=clients/python python3 examples/python/student.py

It predicts every teacher's features from a small picture: one hidden layer, one head for each teacher, a mask for who is not there.
With torch it trains on whatever torch finds, else with numpy. Its loss on held-out frames is the gauge heldOutLoss.
"""

import collections
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more of them spin for matrices this small, on cores that others need

import fluxfoam
import numpy as np

try:
    import torch
except ImportError:
    torch = None

SIDE, HIDDEN, BATCH, RATE = (6, 40), 64, 16, 3e-3


def small(picture: np.ndarray) -> np.ndarray:
    rows, columns = (np.linspace(0, size - 1, side).astype(int) for size, side in zip(picture.shape, SIDE))
    return (picture[rows][:, columns].ravel() / 127.5 - 1).astype(np.float32)


class Net:
    """One hidden layer and a linear head, by Adam; in numpy, so that it runs anywhere."""

    def __init__(self, inputs: int, outputs: int) -> None:
        draw = np.random.default_rng(0).standard_normal
        self.weights = [draw((inputs, HIDDEN), "f4") / inputs**0.5, draw((HIDDEN, outputs), "f4") / HIDDEN**0.5]
        self.moments = [[np.zeros_like(w), np.zeros_like(w)] for w in self.weights]
        self.steps = 0

    def loss(self, x: np.ndarray, y: np.ndarray, learn: bool = False) -> float:
        hidden = np.tanh(x @ self.weights[0])
        error = hidden @ self.weights[1] - y
        if learn:
            back = error @ self.weights[1].T * (1 - hidden**2)
            self.step([x.T @ back / len(x), hidden.T @ error / len(x)])
        return float((error**2).mean())

    def step(self, gradients: list) -> None:
        self.steps += 1
        for weight, (mean, square), gradient in zip(self.weights, self.moments, gradients):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            weight -= RATE * (mean / (1 - 0.9**self.steps)) / (np.sqrt(square / (1 - 0.999**self.steps)) + 1e-8)


class TorchNet(Net):
    def __init__(self, inputs: int, outputs: int) -> None:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self.net = torch.nn.Sequential(torch.nn.Linear(inputs, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, outputs)).to(device)
        self.adam, self.device = torch.optim.Adam(self.net.parameters(), RATE), device

    def loss(self, x: np.ndarray, y: np.ndarray, learn: bool = False) -> float:
        error = self.net(torch.as_tensor(x, device=self.device)) - torch.as_tensor(y, device=self.device, dtype=torch.float32)
        loss = (error**2).mean()
        if learn:
            self.adam.zero_grad()
            loss.backward()
            self.adam.step()
        return float(loss.detach())


class Teacher:
    """The last frames that one teacher spoke of, and what was learned of them."""

    def __init__(self, features: np.ndarray) -> None:
        self.seen, self.held_out = collections.deque(maxlen=512), collections.deque(maxlen=BATCH)
        self.count, self.mean, self.square = 0, np.zeros_like(features), np.zeros_like(features)
        self.net = (TorchNet if torch else Net)(SIDE[0] * SIDE[1] * 3, features.size)

    def take(self, x: np.ndarray, features: np.ndarray, is_held_out: bool) -> None:
        (self.held_out if is_held_out else self.seen).append((x, features))
        if not is_held_out:
            self.count += 1
            self.mean += (features - self.mean) / min(self.count, 512)
            self.square += (features**2 - self.square) / min(self.count, 512)

    def batch(self, moments: list) -> tuple:
        x, y = (np.stack(values) for values in zip(*moments))
        return x, (y - self.mean) / np.sqrt((self.square - self.mean**2).mean() + 1e-6)

    def learn(self, draw: np.random.Generator) -> float:
        self.net.loss(*self.batch([self.seen[i] for i in draw.integers(len(self.seen), size=BATCH)]), learn=True)
        return self.net.loss(*self.batch(list(self.held_out)))


def main() -> None:
    teachers: dict = {}
    draw = np.random.default_rng(1)
    with fluxfoam.join(role="tool") as node:
        steps, held_out_loss = node.counter("step"), node.gauge("heldOutLoss")
        for moment in fluxfoam.moments("sensor/picture", "teacher-*/features", node=node):
            x = small(moment.arrays["sensor/picture"])
            for target, is_there in zip(moment.targets, moment.mask):
                if is_there:
                    features = moment.arrays[target].ravel()
                    teacher = teachers.setdefault(target, Teacher(features))
                    teacher.take(x, features, fluxfoam.is_holdout(moment.frame))
            ready = [teacher for teacher in teachers.values() if len(teacher.seen) >= BATCH and len(teacher.held_out) >= 8]
            if any(moment.mask) and ready:
                held_out_loss.set(float(np.mean([teacher.learn(draw) for teacher in ready])))
                steps.add()


if __name__ == "__main__":
    main()
