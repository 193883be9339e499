"""Attachments: files kept beside any record, checked by content and served only as downloads."""
