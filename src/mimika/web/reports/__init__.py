"""What a person can save of a result: PDF, JSON, CSV and PNG. No Django here."""
