"""Counter-based random numbers."""

import pytest
import torch

from mimika.augmentation.draws import philox, uniform

ONES = 0xFFFFFFFF
# Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, answer
KNOWN = [
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (ONES, ONES, ONES, ONES),
        (ONES, ONES),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_authors_known_answers_come_out(counter, key, answer, device):
    # many at once, because vectorised code is another code
    words = [torch.full((37,), word, device=device) for word in counter]
    found = philox(tuple(words), key)
    for tensor, word in zip(found, answer, strict=True):
        assert tensor.tolist() == [word] * 37


def test_numbers_do_not_depend_on_the_batch():
    rows = torch.tensor([5, 9, 2**32 - 1, 0, 9])
    together = uniform(rows, 7, seed=1, epoch=2)
    assert together.shape == (5, 7)
    for place, row in enumerate(rows):
        alone = uniform(row[None], 7, seed=1, epoch=2)
        assert torch.equal(alone[0], together[place])
    assert torch.equal(together[1], together[4])


def test_more_numbers_begin_with_the_same_ones():
    rows = torch.arange(3)
    few, many = (uniform(rows, count, seed=0, epoch=0) for count in (3, 50))
    assert torch.equal(few, many[:, :3])


def test_they_are_uniform_and_independent_between_rows_and_epochs():
    rows = torch.arange(500)
    first, second = (uniform(rows, 200, seed=0, epoch=epoch) for epoch in (0, 1))
    counts = torch.histc(first, bins=20, min=0, max=1)
    assert float(first.min()) >= 0
    assert float(first.max()) < 1
    # 5,000 expected in each bin, with a deviation of 69
    assert float((counts - 5000).abs().max()) < 350
    for other in (second, first.roll(1, 0), first.roll(1, 1)):
        correlation = torch.corrcoef(torch.stack([first.ravel(), other.ravel()]))[0, 1]
        assert abs(float(correlation)) < 0.02


@pytest.mark.parametrize(("seed", "epoch"), [(-1, 0), (2**32, 0), (0, -1)])
def test_a_seed_or_epoch_out_of_range_is_refused(seed, epoch):
    with pytest.raises(ValueError, match="expected seed and epoch"):
        uniform(torch.arange(2), 1, seed=seed, epoch=epoch)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_gpu_draws_the_same_numbers():
    rows = torch.arange(100)
    here = uniform(rows, 33, seed=3, epoch=4)
    assert torch.equal(uniform(rows.cuda(), 33, seed=3, epoch=4).cpu(), here)
