"""The audit trail read and proved: whether its chain holds, who changed a record, who looked at a person."""
