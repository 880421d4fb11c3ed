import numpy as np
from PIL import Image

from mimika.analysis.file_traits import FileTraits, read_many, read_traits
from mimika.data.samples import BadRow


def test_size_mode_and_format_are_those_of_the_file(tmp_path, save):
    found = read_traits(save(tmp_path / "a.jpg", size=(90, 40)))
    assert (found.size, found.mode, found.format) == ((90, 40), "RGB", "JPEG")
    assert [thumb.shape for thumb in found.thumbs] == [(48, 48), (64, 64)]
    assert found.sharpness > 0


def test_an_alpha_channel_is_a_mode_of_its_own(tmp_path):
    Image.new("RGBA", (4, 4), (255, 0, 0, 128)).save(tmp_path / "a.png")
    assert read_traits(tmp_path / "a.png").mode == "RGBA"


def test_what_cannot_be_read_has_a_reason(tmp_path, save):
    (tmp_path / "text.jpg").write_text("text")
    (tmp_path / "folder.jpg").mkdir()
    good = save(tmp_path / "good.png")
    paths = [
        tmp_path / "text.jpg",
        tmp_path / "gone.jpg",
        tmp_path / "folder.jpg",
        good,
    ]
    text, gone, folder, found = read_many(paths)
    assert isinstance(found, FileTraits)
    assert all(isinstance(bad, BadRow) for bad in (text, gone, folder))
    assert "accepted format" in text.cause
    assert "No such file" in gone.cause


def test_sharpness_does_not_depend_on_how_large_a_photograph_is(tmp_path, save):
    small = Image.open(save(tmp_path / "a.png", size=(512, 512)))
    small.resize((2048, 2048), Image.Resampling.NEAREST).save(tmp_path / "b.png")
    one, other = read_many([tmp_path / "a.png", tmp_path / "b.png"])
    assert np.isclose(one.sharpness, other.sharpness, rtol=0.02)
