"""Random numbers that depend on (seed, epoch, row) alone, in torch.

Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1,
2, 3" (2011), section 3: a counter goes in, four random words come out. A batch of any
composition, on any device, so gives each picture the same numbers. Checked against the
known answers that the authors publish with their library Random123.
"""

import torch
from torch import Tensor

ROUNDS = 10
WORD = 0xFFFFFFFF  # 32 bits, kept in int64 because torch multiplies no uint32
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
WORDS_A_BLOCK = 4
KEPT_BITS = 24  # a float32 has no more


def uniform(rows: Tensor, count: int, *, seed: int, epoch: int) -> Tensor:
    """Uniform numbers for each picture.

    Args:
        rows: int64 (B,), numbers of the pictures in their data set, 0..2**32 - 1.
        count: how many numbers each picture needs.
        seed: seed of the run, 0..2**32 - 1.
        epoch: number of the epoch, 0..2**32 - 1.

    Returns:
        float32 (B, count) in 0..1, without 1, on the device of `rows`.

    Raises:
        ValueError: seed or epoch out of range.
    """
    if not (0 <= seed <= WORD and 0 <= epoch <= WORD):
        raise ValueError(
            f"expected seed and epoch in 0..{WORD}, got {seed} and {epoch}"
        )
    blocks = torch.arange(-(-count // WORDS_A_BLOCK), device=rows.device)
    zero = rows.new_zeros(())
    counter = (blocks, zero, rows[:, None], zero)
    words = torch.stack(philox(counter, (seed, epoch)), dim=2).flatten(1)[:, :count]
    return (words >> (32 - KEPT_BITS)).to(torch.float32) * 2.0**-KEPT_BITS


def philox(
    counter: tuple[Tensor, Tensor, Tensor, Tensor], key: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Philox4x32-10.

    Args:
        counter: four int64 tensors of shapes that broadcast, 0..2**32 - 1.
        key: two numbers, 0..2**32 - 1.

    Returns:
        Four int64 tensors of their common shape, 0..2**32 - 1.
    """
    x0, x1, x2, x3 = counter
    key0, key1 = key
    for _ in range(ROUNDS):
        # The product of two words may wrap to a negative int64: its bits are right.
        product0, product1 = x0 * MULTIPLIERS[0], x2 * MULTIPLIERS[1]
        x0, x2 = (
            (product1 >> 32 & WORD) ^ x1 ^ key0,
            (product0 >> 32 & WORD) ^ x3 ^ key1,
        )
        x1, x3 = product1 & WORD, product0 & WORD
        key0, key1 = (key0 + KEY_STEPS[0]) & WORD, (key1 + KEY_STEPS[1]) & WORD
    return x0, x1, x2, x3
