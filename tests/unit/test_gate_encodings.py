"""A text is read in the encoding it was written in, or the user is asked."""

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bluecarbon_map.gate.encodings import UnclearEncodingError, decode

EVERYDAY = "红树林保护区盐沼滩涂浙江温州台州舟山海草床秋茄互花米草"


@given(st.text(st.sampled_from(EVERYDAY), min_size=2), st.text(st.sampled_from("abc, 1.\n")))
def test_chinese_comes_back_from_gb18030_and_utf8(chinese, rest):
    text = rest + chinese
    assert decode(text.encode("utf-8")).text == text
    try:
        found = decode(text.encode("gb18030")).text
    except UnclearEncodingError as unclear:
        found = decode(text.encode("gb18030"), "gbk").text
        assume("GB18030" in unclear.readings)
    assert found == text


def test_chinese_that_is_utf8_by_chance_is_asked_and_never_mojibake():
    with pytest.raises(UnclearEncodingError) as refused:
        decode("台涂".encode("gb18030"))
    assert refused.value.readings["GB18030"] == "台涂"
    assert decode("Baía Güllü".encode()).encoding == "UTF-8"


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("gb18030", "GB18030")]
)
def test_the_encoding_is_named(codec, name):
    found = decode("编号,名称\n1,红树林".encode(codec))
    assert (found.text, found.encoding) == ("编号,名称\n1,红树林", name)
    assert "红树林" in found.sample


def test_windows_1252_is_read_where_it_cannot_be_chinese():
    found = decode("Baía Güllü – señal".encode("cp1252"))
    assert (found.text, found.encoding, found.certain) == (
        "Baía Güllü – señal",
        "Windows-1252",
        False,
    )


def test_what_could_be_two_encodings_is_asked():
    with pytest.raises(UnclearEncodingError) as refused:
        decode("Baía".encode("cp1252"))
    assert refused.value.readings["Windows-1252"] == "Baía"
    assert decode("Baía".encode("cp1252"), "windows-1252").text == "Baía"


def test_big5_is_not_taken_for_gb18030():
    with pytest.raises(UnclearEncodingError):
        decode("紅樹林保護區,沿海濕地,灘塗".encode("big5"))
    assert decode("紅樹林".encode("big5"), "big5").text == "紅樹林"


def test_a_name_that_is_no_encoding_is_refused():
    with pytest.raises(UnclearEncodingError, match="rot13"):
        decode(b"a", "rot13")
    with pytest.raises(UnclearEncodingError, match="byte 1"):
        decode(b"\xff", "utf-8")


@given(st.binary())
def test_bytes_are_read_or_refused_with_a_reason(content):
    with contextlib.suppress(UnclearEncodingError):
        assert isinstance(decode(content).text, str)
