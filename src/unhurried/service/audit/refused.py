"""A rule said no: the sentence is for the person on the screen."""


class Refused(Exception):  # noqa: N818 - read as a sentence
    """What was asked may not happen now; the text says why and what can be done instead."""
