"""Addresses of documents, under the records they are made of; and their register."""

from core.documents.pages.records import blueprint_for, card_of, pdf_answer

__all__ = ["blueprint_for", "card_of", "pdf_answer"]
