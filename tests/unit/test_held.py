"""Tables that a store holds after it read them."""

import pandas as pd

from bluecarbon_map.store.held import SURVEYS, Held


def reader(read, name):
    def table():
        read.append(name)
        return pd.DataFrame({"name": [name]})

    return table


def asked(held, read, *key, stamp=1):
    with held.alone(key):
        return held.get(key, stamp, reader(read, "/".join(key)))["name"].item()


def test_a_table_is_read_once_for_each_state():
    held, read = Held(), []
    assert asked(held, read, "zones") == asked(held, read, "zones") == "zones"
    assert read == ["zones"]
    asked(held, read, "zones", stamp=2)
    assert read == ["zones", "zones"]


def test_only_the_surveys_asked_for_last_are_held_and_other_tables_stay():
    held, read = Held(), []
    asked(held, read, "zones")
    surveys = [f"S{n}" for n in range(SURVEYS + 1)]
    for one in surveys[:-1]:
        asked(held, read, "habitats", one)
    asked(held, read, "habitats", surveys[0])  # so that the second is the oldest now
    asked(held, read, "habitats", surveys[-1])
    read.clear()
    asked(held, read, "zones")
    asked(held, read, "habitats", surveys[0])
    assert read == []
    asked(held, read, "habitats", surveys[1])
    assert read == ["habitats/S1"]
