from mimika.analysis.run import Silent, examine
from mimika.analysis.sections_classes import balance, overview, representatives
from mimika.data.samples import PRIVATE_TEST, TRAINING
from mimika.reporting.gallery import Gallery
from mimika.reporting.page import Facts, Text
from mimika.reporting.tables import Table


def found(pictures):
    return examine(pictures, None, 0, 1, Silent())


def test_the_overview_has_figures_for_every_split(drawn):
    (facts,) = overview(drawn, found(drawn)).blocks
    assert isinstance(facts, Facts)
    named = {fact.name: fact.value for fact in facts.facts}
    assert named["pictures"] == "120"
    assert named["of PublicTest leaks"] == "0.0 %"


def test_unlabelled_pictures_have_a_row_of_their_own(draw):
    pictures = draw([0, 1, -1], [TRAINING, TRAINING, PRIVATE_TEST])
    table = balance(pictures, found(pictures)).blocks[0]
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0]][:3] == ["Angry", "1", "50.0 %"]
    last = [cell.text for cell in table.rows[-1]]
    assert last == ["no label", "0", "", "1", "", ""]


def test_every_class_with_pictures_has_a_mean_and_examples(drawn):
    blocks = representatives(drawn, found(drawn)).blocks
    galleries = [block for block in blocks if isinstance(block, Gallery)]
    assert [len(gallery.groups) for gallery in galleries] == [1, 7, 7, 7]
    assert len(galleries[0].groups[0].tiles) == 7


def test_without_labels_there_is_a_sentence(draw):
    pictures = draw([-1, -1, -1])
    assert isinstance(representatives(pictures, found(pictures)).blocks[0], Text)
