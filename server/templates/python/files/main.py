"""Start here: run it with the Run button or with `python3 main.py`."""

import platform


def greeting(name: str) -> str:
    return f"Hello, {name}! This is Python {platform.python_version()} on Berth."


if __name__ == "__main__":
    print(greeting("world"))
