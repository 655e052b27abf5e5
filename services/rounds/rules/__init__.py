"""What a register demands of a file: rules as functions, their severities and words as versioned data."""
