"""Tracebacks, their arguments and locals."""

import asyncio
import contextlib
import dataclasses
import sys
import threading


@dataclasses.dataclass
class Grant:
    name: str
    value: object
    when: int = 0


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


class Failing:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        raise ValueError(self.value)


def test_recursion(secret):
    def again(value):
        return again(value)

    again(secret)


def test_deep(secret):
    def down(value, depth):
        if not depth:
            raise ValueError(value)
        down(value, depth - 1)

    down(secret, 8)


def test_arguments_of_functions(secret):
    def send(token, *others, **more):
        raise RuntimeError("no")

    send(secret, [secret], more={"a": secret})


def test_lambda(secret):
    (lambda token=secret: [token][1])()


def test_comprehension(secret):
    [each / 2 for each in [secret]]


def test_generator(secret):
    def give(token):
        yield token
        raise LookupError(token)

    list(give(secret))


def test_context_manager(secret):
    @contextlib.contextmanager
    def within(token):
        yield
        raise LookupError(token)

    with within(secret):
        pass


def test_coroutine(secret):
    async def fail():
        raise ValueError(secret)

    async def both():
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())

    asyncio.run(both())


def test_lost_task(secret):
    async def fail():
        raise ValueError(secret)

    async def lose():
        asyncio.create_task(fail(), name=secret)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(lose(), debug=True)


def test_system_exit(secret):
    sys.exit(secret)


def test_thread(secret):
    thread = threading.Thread(target=int, args=(secret + "x",), name=f"of {secret}")
    thread.start()
    thread.join()


def test_unraisable(secret):
    class Thing:
        def __del__(self):
            raise ValueError(secret)

    Thing()


def test_error_that_cannot_be_shown(secret):
    raise RuntimeError(Failing(secret))


def test_locals(secret):
    grant = Grant("a", secret)
    pair = {"token": secret, "raw": secret.encode()}
    lines = secret.splitlines()
    long = [secret] * 30
    text = "x" * 100 + secret + "y" * 300
    shown = Plain(secret)
    assert not [grant, pair, lines, long, text, shown]


def test_locals_that_cannot_be_shown(secret):
    shown = Failing(secret)
    raise ValueError(type(shown))
