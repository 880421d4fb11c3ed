"""Sums of 8-bit integers that every processor rounds alike.

A sum of two quantised tensors is computed with float scales and rounded to a whole
level again. Where it lies half-way between two levels, the last bit of the float
arithmetic decides, and that differs between processors and between ONNX Runtime and its
build for browsers: one such sum that occurs often moves probabilities by 0.03. So the
scale of one of the two, which nothing else is computed with, is made a little larger
until no sum is near such a tie. Products need none of it: one float multiplication of a
whole number is the same everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray

LARGER = 1 + np.arange(512) / 2**16  # what a scale is multiplied by: up to 1.008


@dataclass(frozen=True)
class Levels:
    """How whole levels stand for numbers.

    Attributes:
        scale: of one level.
        zero: the level that stands for 0.
        least: the lowest level, such as 0.
        most: the highest one, such as 255.
    """

    scale: float
    zero: int
    least: int
    most: int

    def values(self) -> NDArray[np.float64]:
        """What the levels stand for, float64 (256,)."""
        return (np.arange(self.least, self.most + 1.0) - self.zero) * self.scale


@dataclass(frozen=True)
class Sum:
    """One sum of two quantised tensors.

    Attributes:
        first: the term whose scale may be changed.
        second: the other one.
        total: what the sum is rounded to.
        scale: name of the stored scale of the first term.
    """

    first: Levels
    second: Levels
    total: Levels
    scale: str

    def nearest_tie(self) -> float:
        """How close it comes to half-way between two levels, in levels: 0 to 0.5."""
        terms = np.add.outer(self.first.values(), self.second.values())
        sums = terms / self.total.scale + self.total.zero
        inside = sums[(sums > self.total.least) & (sums < self.total.most)]
        return float(np.abs(inside - np.floor(inside) - 0.5).min(initial=0.5))

    def inexact(self) -> float:
        """By how many levels float32 may be wrong about it: about two last places."""
        largest = np.abs(self.first.values()).max() + np.abs(self.second.values()).max()
        return 2 * float(np.spacing(np.float32(2 * largest / self.total.scale)))

    def apart(self) -> "Sum":
        """The same sum with the least larger scale that keeps it from ties.

        Where none does, the one that keeps it farthest.
        """
        enough = self.inexact()
        best, farthest = self, -1.0
        for factor in LARGER:
            scale = float(np.float32(self.first.scale * factor))
            found = replace(self, first=replace(self.first, scale=scale))
            distance = found.nearest_tie()
            if distance > farthest:
                best, farthest = found, distance
            if farthest >= enough:
                break
        return best


def without_ties(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph, its sums of integers away from half-way between two levels.

    Args:
        model: with QuantizeLinear and DequantizeLinear around what is computed in
            integers; changed in place.
    """
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    for one in sums(model):
        tensor = stored[one.scale]
        values = np.full(tuple(tensor.dims), one.apart().first.scale, np.float32)
        tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
    return model


def sums(model: onnx.ModelProto) -> Iterator[Sum]:
    """The sums of two quantised tensors, one of them with a scale of its own.

    Args:
        model: see `without_ties`.
    """
    graph = _Graph(model.graph)
    for node in model.graph.node:
        if node.op_type != "Add":
            continue
        names = sorted(node.input, key=graph.is_read_elsewhere)
        first, second = (graph.term(name) for name in names)
        total = graph.total(node)
        if first and second and total and not graph.is_read_elsewhere(names[0]):
            yield Sum(first, second, total, graph.made[names[0]].input[1])


class _Graph:
    """Who makes and who reads the tensors of a graph."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.made = {name: node for node in graph.node for name in node.output}
        self._stored = {tensor.name: tensor for tensor in graph.initializer}
        self._readers: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self._readers.setdefault(name, []).append(node)

    def term(self, name: str) -> Levels | None:
        """The levels that a tensor is made from; None for one of floats."""
        node = self.made.get(name)
        integers = node is not None and node.op_type == "DequantizeLinear"
        return self._levels(node) if node is not None and integers else None

    def total(self, node: onnx.NodeProto) -> Levels | None:
        """The levels that what a node makes is rounded to; None if it is not."""
        readers = self._readers.get(node.output[0], [])
        if len(readers) == 1 and readers[0].op_type == "Relu":
            readers = self._readers.get(readers[0].output[0], [])
        if len(readers) != 1 or readers[0].op_type != "QuantizeLinear":
            return None
        return self._levels(readers[0])

    def is_read_elsewhere(self, name: str) -> bool:
        """Whether a tensor, its levels or their scale serve more than one node.

        So it is, too, if they are not made in this graph.
        """
        node = self.made.get(name)
        if node is None or len(node.input) < 2:
            return True
        rounded = self.made.get(node.input[0])
        if rounded is None or rounded.op_type != "QuantizeLinear":
            return True
        levels, scale = node.input[:2]
        counts = [len(self._readers[x]) for x in (name, levels, scale)]
        return counts != [1, 1, 2]  # the scale: rounding and back

    def _levels(self, node: onnx.NodeProto) -> Levels | None:
        stored = [self._stored.get(name) for name in node.input[1:3]]
        arrays = [onnx.numpy_helper.to_array(x) for x in stored if x is not None]
        if len(arrays) != 2 or arrays[0].size != 1:
            return None
        scale, zero = arrays
        if zero.dtype not in (np.uint8, np.int8):
            return None
        ends = np.iinfo(zero.dtype)
        return Levels(float(scale.item()), int(zero.item()), ends.min, ends.max)
