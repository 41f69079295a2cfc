"""Turns directions into tokens: a look-up of the longest listed phrase, word by word."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.vocabulary import Node, Token, split, unlisted, words

_END = Token("end")
_BRIDGES = frozenset("-.")


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, followed by end tokens so that looking ahead is safe."""
    raw = split(text)
    known = words()
    tokens: list[Token] = []
    at, last = 0, len(raw)
    while at < last:
        word = raw[at]
        node = known.get(word)
        if node is None and "." in word and len(word) > 1 and word[0].isalpha():
            node = known.get(word.replace(".", ""))
        if node is None:
            tokens.extend(unlisted(word))
            at += 1
        elif node.more:
            at = _longest(node, raw, at, tokens)
        else:
            tokens.append(node.token or _END)
            at += 1
    tokens += (_END, _END, _END, _END, _END)
    return tokens


def _longest(node: Node, raw: list[str], start: int, tokens: list[Token]) -> int:
    """Follow the tree as far as a phrase goes; a hyphen or full stop inside it is passed over."""
    best, best_at = node.token, start + 1
    at, last = start + 1, len(raw)
    while at < last:
        step = node.more.get(raw[at])
        if step is None and raw[at] in _BRIDGES and at + 1 < last:
            at += 1
            step = node.more.get(raw[at])
        if step is None:
            break
        node = step
        at += 1
        if node.token is not None:
            best, best_at = node.token, at
    if best is None:
        tokens.extend(unlisted(raw[start]))
        return start + 1
    tokens.append(best)
    return best_at
