"""Says who is on call, to compare orszem with. Written apart from it: it goes through all hand-overs one by one, by
Python's own time zones. Reads a file of JSON, one question a line, and prints one line of names for each.

The rules are those of docs/oncall.md:
- a local time that is missing has the offset from before the gap, one that comes twice is the first (fold = 0);
- of the hand-overs that were made by now the last one counts, in the order of the local clock;
- the highest layer that has somebody is on call, and overrides cover that, a later one those before it.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def instant(local, zone):
    """Milliseconds since 1970 of a local time."""
    return (local.replace(tzinfo=zone, fold=0) - EPOCH) // timedelta(milliseconds=1)


def minutes(clock):
    hours, rest = clock.split(":")
    return 60 * int(hours) + int(rest)


def midnight(local):
    return local.replace(hour=0, minute=0)


def begins_on(hours, day):
    return not hours["weekdays"] or DAYS[day.weekday()] in hours["weekdays"]


def is_active(layer, zone, at, today):
    if not layer["active"]:
        return True
    for ago in range(-2, 4):
        day = today - timedelta(days=ago)
        for hours in layer["active"]:
            begin, end = minutes(hours["from"]), minutes(hours["to"])
            if end <= begin:
                end += 24 * 60
            if begins_on(hours, day):
                first, last = (instant(day + timedelta(minutes=it), zone) for it in (begin, end))
                if first <= at < last:
                    return True
    return False


def hand_overs(layer, begin):
    """The local times of hand-overs after a local time, in order, without an end."""
    handover = timedelta(minutes=minutes(layer["handover"]))
    day = midnight(begin) - timedelta(days=8)
    while True:
        if layer["shift"] == "hours":
            of_day = sorted(
                (handover + timedelta(hours=part)) % timedelta(days=1) for part in range(0, 24, layer["every"])
            )
        elif layer["shift"] == "weekly" and DAYS[day.weekday()] != layer["weekday"]:
            of_day = []
        else:
            of_day = [handover]
        counts = layer["shift"] == "weekly" or layer["count"] != "active" or not layer["active"]
        if counts or any(begins_on(hours, day) for hours in layer["active"]):
            yield from (day + time for time in of_day if day + time > begin)
        day += timedelta(days=1)


def members(layer, zone, at):
    stretch = None
    for candidate in layer["stretches"]:
        if instant(datetime.fromisoformat(candidate["from"]), zone) <= at:
            stretch = candidate
    if stretch is None or not stretch["members"]:
        return []
    here = (EPOCH + timedelta(milliseconds=at)).astimezone(zone).replace(tzinfo=None)
    if not is_active(layer, zone, at, midnight(here).replace(second=0, microsecond=0)):
        return []
    begin = datetime.fromisoformat(stretch["from"])
    if layer["by"] == "length":
        turn = (at - instant(begin, zone)) // (layer["every"] * 3_600_000)
    else:
        made = 0
        for number, local in enumerate(hand_overs(layer, begin), start=1):
            if local > here + timedelta(days=3):
                break
            if instant(local, zone) <= at:
                made = number
        turn = made if layer["shift"] == "hours" else made // layer["every"]
    return stretch["members"][turn % len(stretch["members"])]


def resolved(person, since, overrides):
    """Who is on call for somebody whom the override of number `since` put there."""
    for number in range(len(overrides) - 1, since, -1):
        override = overrides[number]
        if override["kind"] == "remove" and person in override["people"]:
            return []
        if override["kind"] == "replace" and person in override["instead_of"]:
            return [name for other in override["people"] for name in resolved(other, number, overrides)]
    return [person]


def on_call(question):
    zone, at = ZoneInfo(question["zone"]), question["at"]
    base = []
    for layer in reversed(question["layers"]):
        base = base or members(layer, zone, at)
    start, overrides = -1, [it for it in question["overrides"] if it["from"] <= at < it["to"]]
    for number, override in enumerate(overrides):
        if override["kind"] == "replace" and not override["instead_of"]:
            base, start = override["people"], number
    entries = [(person, start) for person in base]
    for number, override in enumerate(overrides):
        if override["kind"] == "add" and number > start:
            entries += [(person, number) for person in override["people"]]
    found = [name for person, since in entries for name in resolved(person, since, overrides)]
    return list(dict.fromkeys(found))


with open(sys.argv[1], encoding="utf-8") as questions:
    for line in questions:
        print(" ".join(on_call(json.loads(line))))
