"""What a deed is worth: points, limits, dates, honours; pure functions of facts and history."""
