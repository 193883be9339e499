"""What holds for every module, whoever wrote it.

A suite takes these tests in by importing them, one file a subject, so that pytest-xdist may share them out:
`from core.testing.conformance.pages import *`. Which modules they look at, `tested_modules` says.
"""
