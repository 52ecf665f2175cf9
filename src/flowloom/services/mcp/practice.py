"""A small MCP server that comes with the app, so that anyone can see MCP at work without installing anything.

It is a program of its own, run as `python practice.py`: JSON-RPC 2.0, a message a line, with nothing but Python's
own library, so that it starts at once. It reads no file and contacts nobody.
"""

import json
import random
import re
import sys
from collections.abc import Mapping
from typing import Any

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
LONGEST = 100_000
WORDS_OF = {
    "mm": (0.001, "length", "mm millimetre millimetres millimeter millimeters millimètre millimètres 毫米"),
    "cm": (0.01, "length", "cm centimetre centimetres centimeter centimeters centimètre centimètres 厘米"),
    "m": (1.0, "length", "m metre metres meter meters mètre mètres 米"),
    "km": (1000.0, "length", "km kilometre kilometres kilometer kilometers kilomètre kilomètres 公里 千米"),
    "inch": (0.0254, "length", "inch inches pouce pouces 英寸"),
    "ft": (0.3048, "length", "ft foot feet pied pieds 英尺"),
    "mi": (1609.344, "length", "mi mile miles mille milles 英里"),
    "g": (1.0, "weight", "g gram grams gramme grammes 克"),
    "kg": (1000.0, "weight", "kg kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克"),
    "oz": (28.349523125, "weight", "oz ounce ounces once onces 盎司"),
    "lb": (453.59237, "weight", "lb lbs pound pounds livre livres 磅"),
    "ml": (0.001, "volume", "ml millilitre millilitres milliliter milliliters 毫升"),
    "l": (1.0, "volume", "l litre litres liter liters 升"),
    "cup": (0.2365882365, "volume", "cup cups tasse tasses 杯"),
    "gallon": (3.785411784, "volume", "gallon gallons 加仑"),
    "°C": (1.0, "temperature", "°c celsius 摄氏度 摄氏"),
    "°F": (1.0, "temperature", "°f fahrenheit 华氏度 华氏"),
}
"""How much each unit is, what it measures, and what people call it in three languages."""
USUAL = {
    **{"mm": "inch", "cm": "inch", "m": "ft", "km": "mi", "inch": "cm", "ft": "m", "mi": "km"},
    **{"g": "oz", "kg": "lb", "oz": "g", "lb": "kg", "ml": "cup", "l": "gallon", "cup": "ml", "gallon": "l"},
    **{"°C": "°F", "°F": "°C"},
}
"""What a unit is converted into where nothing else is said."""
UNIT_OF = {word: unit for unit, (_, _, words) in WORDS_OF.items() for word in words.split()}
TEXT = {"type": "string"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}


TOOLS = [
    {
        "name": "convert_units",
        "title": "Convert units",
        "description": "Converts a measure into another unit: length, weight, volume or temperature.",
        "inputSchema": _object(["measure"], measure={**TEXT, "description": "Such as: 3 miles in km"}),
        "outputSchema": _object(["result", "unit"], result={"type": "number"}, unit=TEXT),
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "count_words",
        "title": "Count words",
        "description": "Counts how many words and characters a text has.",
        "inputSchema": _object(["text"], text={**TEXT, "description": "The text to count"}),
        "outputSchema": _object(["words"], words={"type": "integer"}, characters={"type": "integer"}),
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "pick_one",
        "title": "Pick one",
        "description": "Picks, chooses or draws one of several things at random.",
        "inputSchema": _object(["things"], things={**TEXT, "description": "Such as: tea, coffee or water"}),
        "annotations": {"readOnlyHint": True},
    },
]


class Refused(Exception):
    """The tool cannot do it; the text says why."""


def convert_units(measure: str) -> tuple[str, dict[str, Any]]:
    number = re.search(r"[-+]?\d+(?:[.,]\d+)?", measure)
    # What it is to be converted into may stand before the number: how many cups are in 2 litres?
    units = units_in(measure[number.end() :]) + units_in(measure[: number.start()]) if number else []
    if number is None or not units:
        raise Refused("Write a number with its unit, such as: 3 miles in km")
    value, unit = float(number[0].replace(",", ".")), units[0]
    into = next((other for other in units if other != unit), USUAL[unit])
    result = float(f"{_converted(value, unit, into):.6g}")
    return f"{value:g} {unit} = {result:g} {into}", {"result": result, "unit": into}


def units_in(text: str) -> list[str]:
    """The units that a text names, in order."""
    return [UNIT_OF[word] for word in _UNITS.findall(text.lower())]


def _words(chinese: bool) -> str:
    """The names of units for a pattern, the longest first."""
    words = sorted(
        (word for word in UNIT_OF if ("\u4e00" <= word[0] <= "\u9fff") == chinese), key=len, reverse=True
    )
    return "|".join(map(re.escape, words))


_UNITS = re.compile(rf"{_words(chinese=True)}|(?<![^\W\d_])(?:{_words(chinese=False)})(?![^\W\d_])")
"""Chinese has no spaces around words; elsewhere a unit stands by itself."""


def _converted(value: float, unit: str, into: str) -> float:
    (size, measured, _), (other, wanted, _) = WORDS_OF[unit], WORDS_OF[into]
    if measured != wanted:
        raise Refused(f"{unit} cannot be converted into {into}")
    if measured == "temperature":
        return value * 9 / 5 + 32 if into == "°F" else (value - 32) * 5 / 9
    return value * size / other


def count_words(text: str) -> tuple[str, dict[str, Any]]:
    # In Chinese and Japanese each character counts, as writers there count.
    text = text[:LONGEST]
    words = len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]|(?:(?![\u3040-\u30ff\u4e00-\u9fff])[^\W_])+", text))
    return f"{words} words, {len(text)} characters", {"words": words, "characters": len(text)}


def pick_one(things: str) -> tuple[str, None]:
    asked = re.split(r"[:：]", things[:LONGEST])[-1]
    named = re.split(r"[,，、;/\n]|\b(?:or|ou|and|et)\b|还是|和|或", asked)
    choices = [name for each in named if (name := each.strip(" .!?。！？"))]
    if len(choices) < 2:
        raise Refused("Name at least two things, such as: tea, coffee or water")
    return random.choice(choices), None


DEEDS: dict[str, Any] = {"convert_units": convert_units, "count_words": count_words, "pick_one": pick_one}


def answer(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a request. Raises LookupError where there is no such thing here."""
    if method == "initialize":
        wanted = given.get("protocolVersion")
        return {
            "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[-1],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "flowloom-practice", "version": "1"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        return _call(str(given.get("name")), given.get("arguments") or {})
    raise LookupError(method)


def _call(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        text, data = DEEDS[name](**arguments)
    except (Refused, TypeError, ValueError, OverflowError) as error:
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    said: dict[str, Any] = {"content": [{"type": "text", "text": text}]}
    return said | ({"structuredContent": data} if data else {})


def reply(line: str) -> "dict[str, Any] | None":
    """The reply to one message; None where it wants none."""
    try:
        message = json.loads(line)
    except ValueError:
        return {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "not JSON"}}
    if not isinstance(message, dict) or "id" not in message or "method" not in message:
        return None
    found: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
    try:
        found["result"] = answer(str(message["method"]), message.get("params") or {})
    except LookupError as error:
        found["error"] = {"code": -32601, "message": f"no such method or tool: {error}"}
    return found


def main() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        said = reply(line)
        if said is not None:
            sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
