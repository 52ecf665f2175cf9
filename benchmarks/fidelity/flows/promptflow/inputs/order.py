from promptflow.core import tool


@tool
def order(product: str, count: int, gift: bool, tags: list) -> str:
    return f"{count} x {product}, gift: {gift}, {tags}"
